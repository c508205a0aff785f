using Llamax.Corpora.Building.Sharing;
using Llamax.Testing;
using Llamax.Text.Files;

namespace Llamax.Corpora.Tests.Building;

public sealed class WorkShareTests : IDisposable
{
    private const int NoProcess = 1 << 30; // Above what Linux gives at most, 1 << 22.

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_another_machine_or_a_living_process_has_begun_stays()
    {
        var own = UnfinishedName.For(folder.File("piece"));
        string Named(string place, string process) => string.Join('.', [.. own.Split('.')[..^3], place, process, "tmp"]);
        var place = own.Split('.')[^3];
        string[] others = [Named("elsewhere-1", $"{NoProcess}"), Named(place, $"{ParentOfAll}"), folder.File("piece.tmp")];
        var killed = Named(place, $"{NoProcess}");
        foreach (var begun in others.Append(killed))
        {
            Directory.CreateDirectory(begun);
            File.WriteAllText(Path.Combine(begun, "half.txt"), "half");
        }

        Do(path => File.WriteAllText(Path.Combine(path, "whole.txt"), "whole"));

        Assert.Equal(["whole.txt"], Directory.GetFiles(folder.File("piece")).Select(Path.GetFileName));
        Assert.All(others, begun => Assert.True(Directory.Exists(begun), begun));
        Assert.False(Directory.Exists(killed));
    }

    /// <summary>Where the file system does not lock, two may do the same piece, and the first to end gives it its name.</summary>
    [Fact]
    public void A_piece_that_another_process_has_finished_meanwhile_is_taken_as_it_is()
    {
        Do(path =>
        {
            File.WriteAllText(Path.Combine(path, "ours.txt"), "");
            Directory.CreateDirectory(folder.File("piece"));
            File.WriteAllText(folder.File("piece/theirs.txt"), "");
        });

        Assert.Equal(["theirs.txt"], Directory.GetFiles(folder.File("piece")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetDirectories(folder.Path, "*.tmp"));
    }

    [Fact]
    public void A_piece_that_failed_is_begun_anew()
    {
        Assert.Throws<InvalidTimeZoneException>(() => Do(path =>
        {
            File.WriteAllText(Path.Combine(path, "half.txt"), "");
            throw new InvalidTimeZoneException();
        }));
        Do(path => File.WriteAllText(Path.Combine(path, "whole.txt"), ""));
        Assert.Equal(["whole.txt"], Directory.GetFiles(folder.File("piece")).Select(Path.GetFileName));
    }

    private static int ParentOfAll => OperatingSystem.IsWindows() ? 4 : 1;

    private void Do(Action<string> make) =>
        WorkShare.Alone.Do(1, _ => folder.File("piece"), (_, path) => make(path), ownOnly: false, TestContext.Current.CancellationToken);
}
