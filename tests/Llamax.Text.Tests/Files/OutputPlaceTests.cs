using Llamax.Testing;
using Llamax.Text.Files;

namespace Llamax.Text.Tests.Files;

public sealed class OutputPlaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_name_leads_where_the_system_goes()
    {
        Directory.CreateDirectory(folder.File("a/b"));
        Directory.CreateSymbolicLink(folder.File("short"), "a/b");
        File.WriteAllText(folder.File("a/file"), "");
        File.CreateSymbolicLink(folder.File("link"), folder.File("a/file"));
        var real = OutputPlace.RealPath(folder.Path);
        Assert.Equal($"{real}/a/file", OutputPlace.RealPath(folder.File("short/../file")));
        Assert.Equal($"{real}/a/file", OutputPlace.RealPath(folder.File("link")));
        Assert.Equal($"{real}/a/new", OutputPlace.Of(folder.File("./a//new")).Path);
        Assert.All(new[] { "a/file", "link", "a/new" }, name => Assert.True(OutputPlace.Of(folder.File(name)).IsFile));
    }

    [Fact]
    public void Standard_output_is_no_file_by_whatever_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has these names.");
        File.CreateSymbolicLink(folder.File("link"), "/proc/self/fd/1");
        Assert.All(
            new[] { "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", $"/proc/{Environment.ProcessId}/fd/2", folder.File("link"), "/dev/null" },
            name => Assert.False(OutputPlace.Of(name).IsFile));
    }

    [Fact]
    public void What_keeps_a_folder_from_being_there_is_named()
    {
        File.WriteAllText(folder.File("file"), "");
        Assert.Equal(folder.File("file"), OutputPlace.FileOnTheWay(folder.File("file")));
        Assert.Equal(folder.File("file"), OutputPlace.FileOnTheWay(folder.File("file/a/b")));
        Assert.Null(OutputPlace.FileOnTheWay(folder.File("new/a/b")));
        Assert.Null(OutputPlace.FileOnTheWay(folder.Path));
    }
}
