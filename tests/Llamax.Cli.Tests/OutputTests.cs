using System.Diagnostics;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

/// <summary>What <c>--output</c> and its like do with what is no file, and with an interrupted run.</summary>
public sealed class OutputTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_pipe_is_written_to_and_stays()
    {
        MakePipe();
        var read = Task.Run(() => File.ReadAllText(folder.File("pipe")), TestContext.Current.CancellationToken);
        var (code, printed, error) = await CommandLine.RunAsync("1, 2, 3\n4\n", [.. Translate(), "--output", folder.File("pipe")]);
        Assert.Equal((0, ""), (code, printed));
        Assert.Equal("1, 2, 3\n4\n", await read.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("interrupted", error);
        Assert.Equal(["model", "pipe"], Names());
    }

    [Fact]
    public async Task Who_waits_for_a_reader_of_a_pipe_can_be_interrupted()
    {
        Signals.SkipWhereIgnored("TERM");
        MakePipe();
        using var process = CommandLine.Start([], [.. Translate(), "--output", folder.File("pipe")]);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.StandardError.ReadLineAsync(limit.Token); // Where it computes; what comes next is the pipe.
            await Task.Delay(500, limit.Token);
            await EndAsync(process, limit.Token);
            Assert.Equal(143, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData(1, "lexicon", "build", "en-fr=@words", "--out", "@pipe")] // Waits for who reads.
    [InlineData(1, "translate", "--model", "@model", "--from", "en", "--to", "zh", "@pipe")] // Waits for who writes.
    [InlineData(2, "lexicon", "build", "en-fr=@pipe", "--out", "@lexicon")] // The same, and does not look at the token.
    public async Task Who_waits_for_the_other_end_of_a_pipe_can_be_ended(int signals, params string[] arguments)
    {
        Signals.SkipWhereIgnored("TERM");
        MakePipe();
        TinyModel.In(folder);
        File.WriteAllText(folder.File("words"), "dog chien\n");
        using var process = CommandLine.Start([], [.. arguments.Select(argument => argument.Replace("@", folder.Path + "/", StringComparison.Ordinal))]);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await WaitingTests.WaitUntilIdleAsync(process, limit.Token);
            for (var sent = 1; sent < signals; sent++)
            {
                await SignalAsync(process, limit.Token);
                await Task.Delay(1500, limit.Token);
                Assert.False(process.HasExited);
            }

            await EndAsync(process, limit.Token);
            Assert.Equal(143, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("stdout")]
    [InlineData("pipe")]
    public async Task Who_waits_for_a_reader_to_go_on_can_be_interrupted(string output)
    {
        Signals.SkipWhereIgnored("TERM");
        MakePipe();
        File.WriteAllLines(folder.File("in"), Enumerable.Repeat("1, 2, 3", 600));
        using var reader = output == "pipe" ? new FileStream(folder.File("pipe"), FileMode.Open, FileAccess.ReadWrite) : null;
        using var process = CommandLine.Start([], [.. Translate(), folder.File("in"), "--json", .. output == "pipe" ? (string[])["--output", folder.File("pipe")] : []]);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await WaitingTests.WaitUntilIdleAsync(process, limit.Token);
            Assert.False(process.HasExited);
            await EndAsync(process, limit.Token);
            Assert.Equal(143, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task A_lexicon_that_nobody_reads_is_no_full_disk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has this name.");
        File.WriteAllText(folder.File("words"), "dog chien\n");
        var start = new ProcessStartInfo("bash", ["-c", "dotnet \"$0\" lexicon build en-fr=\"$1\" --out /dev/stdout | true; echo ${PIPESTATUS[0]}", Path.Combine(AppContext.BaseDirectory, "llamax.dll"), folder.File("words")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("141\n", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain("llamax:", await errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_link_the_target_is_written()
    {
        File.WriteAllText(folder.File("target"), "old");
        File.CreateSymbolicLink(folder.File("link"), "target");
        var (code, _, error) = await CommandLine.RunAsync("1, 2, 3\n", [.. Translate(), "--output", folder.File("link")]);
        Assert.True(code == 0, error);
        Assert.Equal(("target", "1, 2, 3\n"), (new FileInfo(folder.File("link")).LinkTarget, File.ReadAllText(folder.File("target"))));
        Assert.Equal(["link", "model", "target"], Names());
    }

    [Fact]
    public async Task An_input_is_not_written_over_by_way_of_a_link()
    {
        File.WriteAllText(folder.File("in"), "1, 2, 3\n");
        File.CreateSymbolicLink(folder.File("link"), "in");
        foreach (var (input, output) in new[] { ("in", "link"), ("link", "in"), ("in", "in") })
        {
            var (code, _, error) = await CommandLine.RunAsync("", [.. Translate(), folder.File(input), "--output", folder.File(output)]);
            Assert.Equal((2, true), (code, error.Contains("would write over it", StringComparison.Ordinal)));
        }

        Assert.Equal("1, 2, 3\n", File.ReadAllText(folder.File("in")));
    }

    [Fact]
    public async Task Standard_output_by_its_name_is_shared_with_other_programs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has this name.");
        File.CreateSymbolicLink(folder.File("stdout"), "/proc/self/fd/1");
        var start = new ProcessStartInfo("bash", ["-c", "(echo a; echo 1, 2 | dotnet \"$0\" \"${@:2}\"; echo b) > \"$1\"", Path.Combine(AppContext.BaseDirectory, "llamax.dll"), folder.File("all"), .. Translate(), "--output", folder.File("stdout")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(File.ReadAllText(folder.File("all")) == "a\n1, 2\nb\n", errors);
        Assert.Equal(("/proc/self/fd/1", "1, 2\n"), (new FileInfo(folder.File("stdout")).LinkTarget, (await CommandLine.RunAsync("1, 2\n", [.. Translate(), "--output", folder.File("stdout")])).Out));
    }

    [Fact]
    public async Task Standard_input_goes_on_where_it_stopped_if_it_begins_as_it_did()
    {
        Signals.SkipWhereIgnored("TERM");
        string[] arguments = [.. Translate(), "--output", folder.File("out")];
        var note = folder.File("out.partial.settings");
        using (var process = CommandLine.Start([], arguments))
        {
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                await process.StandardInput.WriteAsync("1, 2, 3\n4\n");
                await process.StandardInput.FlushAsync(limit.Token);
                while (!File.Exists(note) || !(await File.ReadAllTextAsync(note, limit.Token)).Contains("\"lines\": 2", StringComparison.Ordinal))
                {
                    await Task.Delay(50, limit.Token);
                }

                await EndAsync(process, limit.Token);
                Assert.Equal(143, process.ExitCode);
                Assert.Contains("interrupted behind line 2; the same command with the same input goes on from there\n", await process.StandardError.ReadToEndAsync(limit.Token));
            }
            finally
            {
                process.Kill();
            }
        }

        File.WriteAllText(folder.File("out.partial"), "first\nsecond\nhalf"); // What is there is kept, whatever it is.
        foreach (var other in new[] { "1, 2, 3\n", "1, 2, 3\n5\n6\n" })
        {
            var (refused, _, why) = await CommandLine.RunAsync(other, arguments);
            Assert.Equal(2, refused);
            Assert.Contains($"llamax: standard input does not begin with the 2 lines that {folder.File("out.partial")} was made of. Give the same", why);
        }

        var (code, _, error) = await CommandLine.RunAsync("1, 2, 3\n4\n5\n", arguments);
        Assert.True(code == 0, error);
        Assert.Contains($"{folder.File("out.partial")} has 2 lines; standard input must begin with the lines they were made of", error);
        Assert.Contains("continuing behind line 2\n", error);
        Assert.Equal("first\nsecond\n5\n", File.ReadAllText(folder.File("out")));
        Assert.Equal(["model", "out"], Names());
    }

    private string[] Translate() =>
        ["translate", "--model", Directory.Exists(folder.File("model")) ? folder.File("model") : TinyModel.In(folder), "--from", "en", "--to", "zh", "--max-new-tokens", "6"];

    private IEnumerable<string?> Names() => Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private void MakePipe()
    {
        using var process = Process.Start(Shared.Program("mkfifo", "coreutils"), [folder.File("pipe")]);
        process.WaitForExit();
    }

    private static async Task SignalAsync(Process process, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private static async Task EndAsync(Process process, CancellationToken cancellationToken)
    {
        await SignalAsync(process, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
    }
}
