using System.Security.Cryptography;
using Llamax.Recipes.Stages;
using Llamax.Testing;

namespace Llamax.Recipes.Tests.Stages;

public sealed class FileHashesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_are_read_several_at_once_and_remembered()
    {
        string[] files = [.. Enumerable.Range(0, 20).Select(i => Write($"{i}.bin", 1 + (i * 300_000)))];
        var hashes = new FileHashes(folder.File("hashes"));
        hashes.Prepare([.. files, folder.File("missing"), files[3]], 4, (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Equal(files.Select(Expected), files.Select(hashes.Of));
        Assert.Null(hashes.Of(folder.File("missing")));

        var remembered = File.ReadAllText(folder.File("hashes"));
        Assert.All(files, file => Assert.Contains(Expected(file), remembered, StringComparison.Ordinal));
        File.WriteAllText(folder.File("hashes"), remembered.Replace(Expected(files[5]), "from the memory", StringComparison.Ordinal));
        hashes = new FileHashes(folder.File("hashes"));
        Assert.Equal("from the memory", hashes.Of(files[5]));
        File.SetLastWriteTimeUtc(files[5], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(Expected(files[5]), hashes.Of(files[5]));
    }

    [Fact]
    public void A_file_behind_a_link_is_read_anew_where_it_changed()
    {
        var file = Write("content.bin", 1000);
        var link = folder.File("link");
        File.CreateSymbolicLink(link, "content.bin");
        var hashes = new FileHashes(folder.File("hashes"));
        var before = Expected(file);
        Assert.Equal(before, hashes.Of(link));
        File.WriteAllText(file, "other");
        Assert.NotEqual(before, hashes.Of(link));
        Assert.Equal(Expected(file), hashes.Of(link));
        var total = 0L;
        File.WriteAllText(file, "another");
        hashes.Prepare([link], 1, (_, all) => total = all, TestContext.Current.CancellationToken);
        Assert.Equal(Expected(file), hashes.Of(link));
        Assert.True(total is 0 or 7);
    }

    [Fact]
    public void What_was_read_before_a_stop_is_remembered_and_how_far_it_is_is_told()
    {
        var first = Write("first.bin", 3 << 20);
        var pipe = folder.File("slow");
        using (var process = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            process.WaitForExit();
        }

        Assert.SkipUnless(File.Exists(pipe), "needs mkfifo");
        using var cancellation = new CancellationTokenSource();
        var told = new List<(long Done, long Total)>();
        var hashes = new FileHashes(folder.File("hashes"));
        using var writer = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite); // Open for reading too: nobody waits for the other.
        Assert.ThrowsAny<OperationCanceledException>(() => hashes.Prepare([first, pipe], 2, (done, total) =>
        {
            told.Add((done, total));
            if (done >= 3 << 20)
            {
                cancellation.Cancel();
                writer.Write([1]);
                writer.Flush();
            }
        }, cancellation.Token));
        Assert.Contains((3 << 20, 3 << 20), told);
        Assert.Contains(Expected(first), File.ReadAllText(folder.File("hashes")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_read_can_be_saved_meanwhile()
    {
        string[] files = [.. Enumerable.Range(0, 1000).Select(i => Write($"{i}", 1))];
        var hashes = new FileHashes(folder.File("hashes"));
        var reading = Task.Run(() => Array.ForEach(files, file => hashes.Of(file)), TestContext.Current.CancellationToken);
        while (!reading.IsCompleted)
        {
            hashes.Save();
        }

        hashes.Save();
        Assert.Equal(files.Length, System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder.File("hashes")))!.AsObject().Count);
    }

    [Fact]
    public void Nothing_is_read_any_more_once_a_report_has_failed()
    {
        var file = folder.File("large.bin"); // Large enough not to be through by the first report, and without content.
        using (var stream = File.Create(file))
        {
            stream.SetLength(4L << 30);
        }

        var hashes = new FileHashes(folder.File("hashes"));
        Assert.Throws<InvalidOperationException>(() => hashes.Prepare([file], 1, (_, _) => throw new InvalidOperationException(), TestContext.Current.CancellationToken));
        using var alone = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None); // Nobody else has it open.
    }

    private static string Expected(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private string Write(string name, int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        File.WriteAllBytes(folder.File(name), bytes);
        return folder.File(name);
    }
}
