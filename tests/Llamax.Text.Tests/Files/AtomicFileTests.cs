using System.Diagnostics;
using Llamax.Testing;
using Llamax.Text.Files;

namespace Llamax.Text.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("target")]
    [InlineData("absent")]
    public void A_link_stays_and_what_it_leads_to_is_written(string name)
    {
        // Its text leads out of the folder where it lies, not of the one by whose name it is reached.
        Directory.CreateDirectory(folder.File("deep/inside"));
        Directory.CreateSymbolicLink(folder.File("short"), "deep/inside");
        File.CreateSymbolicLink(folder.File("deep/inside/link"), $"../{name}");
        File.CreateSymbolicLink(folder.File("first"), "short/link");
        File.WriteAllText(folder.File("deep/target"), "old");
        AtomicFile.WriteText(folder.File("first"), "new");
        Assert.Equal("new", File.ReadAllText(folder.File($"deep/{name}")));
        Assert.Equal(("short/link", $"../{name}"), (new FileInfo(folder.File("first")).LinkTarget, new FileInfo(folder.File("deep/inside/link")).LinkTarget));
        Assert.Equal(["deep", "first", "short"], Names(folder.Path));
        Assert.Equal(name == "absent" ? ["absent", "inside", "target"] : ["inside", "target"], Names(folder.File("deep")));
    }

    [Fact]
    public async Task A_pipe_is_given_all_of_the_content_or_nothing()
    {
        Make("mkfifo", folder.File("pipe"));
        File.CreateSymbolicLink(folder.File("link"), "pipe");
        foreach (var name in new[] { "pipe", "link" })
        {
            var read = Task.Run(() => File.ReadAllText(folder.File("pipe")), TestContext.Current.CancellationToken);
            AtomicFile.Write(folder.File(name), stream =>
            {
                stream.Write("?ea"u8);
                stream.Position = 0;
                stream.Write("t"u8);
            });
            Assert.Equal("tea", await read.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }

        var nothing = Task.Run(() => File.ReadAllText(folder.File("pipe")), TestContext.Current.CancellationToken);
        Assert.Throws<LlamaxException>(() => AtomicFile.Write(folder.File("pipe"), stream =>
        {
            stream.Write("half"u8);
            throw new LlamaxException("no more");
        }));
        Assert.Equal("", await nothing.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal(["link", "pipe"], Names(folder.Path));
    }

    [Fact]
    public void A_device_stays_what_it_is()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs the right to make a device");
        Make("mknod", folder.File("null"), "c", "1", "3");
        try
        {
            using var node = File.OpenWrite(folder.File("null"));
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Skip("needs a file system that allows devices");
        }

        AtomicFile.WriteText(folder.File("null"), "text");
        Assert.Equal("", File.ReadAllText(folder.File("null")));
        Assert.Equal(["null"], Names(folder.Path));
    }

    [Fact]
    public void What_can_be_no_file_is_refused_in_one_sentence()
    {
        File.CreateSymbolicLink(folder.File("one"), "two");
        File.CreateSymbolicLink(folder.File("two"), "one");
        Directory.CreateSymbolicLink(folder.File("linked"), ".");
        File.WriteAllText(folder.File("file"), "mine");
        foreach (var (name, message) in new[]
        {
            ("", "is a folder. Name a file to write."), ("linked", "is a folder. Name a file to write."), ("new/", "is a folder. Name a file to write."),
            ("one", "its links lead in a circle"), ("file/new", "file is a file, no folder."),
        })
        {
            Assert.Contains(message, Assert.Throws<LlamaxException>(() => AtomicFile.WriteText(folder.File(name), "x")).Message);
        }

        Assert.Equal("mine", File.ReadAllText(folder.File("file")));
        Assert.Equal(["file", "linked", "one", "two"], Names(folder.Path));
    }

    private static IEnumerable<string?> Names(string path) => Directory.GetFileSystemEntries(path).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static void Make(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Shared.Program(program, "coreutils"), arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"needs {program} to work here");
    }
}
