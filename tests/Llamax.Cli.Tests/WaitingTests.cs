using System.Diagnostics;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

/// <summary>The verbs that let a model write, between somebody who writes slowly and somebody who reads no longer.</summary>
public sealed class WaitingTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public WaitingTests() => model = TinyModel.In(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Who_waits_for_the_answer_to_a_line_before_he_writes_the_next_gets_it()
    {
        using var process = CommandLine.Start([], Translate());
        using var limit = new CancellationTokenSource(Limit);
        _ = process.StandardError.ReadToEndAsync(limit.Token);
        foreach (var line in new[] { "Tea is hot.", "The house", "1, 2, 3" })
        {
            await process.StandardInput.WriteAsync(line + "\n");
            await process.StandardInput.FlushAsync(limit.Token);
            var answer = await process.StandardOutput.ReadLineAsync(limit.Token);
            Assert.NotNull(answer);
            Assert.True(line != "1, 2, 3" || answer == line);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("INT", 130, true)]
    [InlineData("TERM", 143, true)]
    [InlineData("INT", 130, false)]
    [InlineData("TERM", 143, false)]
    public async Task A_signal_ends_the_wait_for_input(string signal, int code, bool translate)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        Signals.SkipWhereIgnored(signal);
        using var process = CommandLine.Start([], translate ? Translate() : ["generate", "--model", model]);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await WaitUntilIdleAsync(process, limit.Token);
            using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            {
                await kill.WaitForExitAsync(limit.Token);
            }

            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(code, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("yes 'the house' | dotnet \"$0\" translate --from en --to zh --max-new-tokens 6 --model \"$1\" | head -n 1; echo ${PIPESTATUS[1]}")]
    [InlineData("echo; dotnet \"$0\" generate --prompt Tea --temperature 1 --max-new-tokens 6 --model \"$1\" | true; echo ${PIPESTATUS[0]}")]
    [InlineData("echo; dotnet \"$0\" generate --prompt Tea --beams 2 --max-new-tokens 6 --model \"$1\" | true; echo ${PIPESTATUS[0]}")]
    public async Task The_program_ends_when_nobody_reads_on(string commands)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        var start = new ProcessStartInfo("bash", ["-c", commands, Path.Combine(AppContext.BaseDirectory, "llamax.dll"), model])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var lines = (await process.StandardOutput.ReadToEndAsync(limit.Token)).Split('\n');
            Assert.Equal("141", lines[1]);
            Assert.DoesNotContain("llamax:", await errors, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Two_runs_to_the_same_output_keep_out_of_each_others_way()
    {
        var output = folder.File("out");
        using var first = CommandLine.Start([], [.. Translate(), "--output", output]);
        using var limit = new CancellationTokenSource(Limit);
        var errors = first.StandardError.ReadToEndAsync(limit.Token);
        await first.StandardInput.WriteAsync("1, 2, 3\n");
        await first.StandardInput.FlushAsync(limit.Token);
        while (!File.Exists(output + ".partial") || new FileInfo(output + ".partial").Length == 0)
        {
            await Task.Delay(50, limit.Token);
        }

        var second = await CommandLine.RunAsync("4, 5, 6\n", [.. Translate(), "--output", output]);
        Assert.Equal(2, second.Code);
        Assert.Contains("another run writes", second.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(output));

        await first.StandardInput.WriteAsync("7, 8, 9\n");
        first.StandardInput.Close();
        await first.WaitForExitAsync(limit.Token);
        Assert.True(first.ExitCode == 0, await errors);
        Assert.Equal("1, 2, 3\n7, 8, 9\n", File.ReadAllText(output));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.partial*"));
    }

    private string[] Translate() => ["translate", "--model", model, "--from", "en", "--to", "zh", "--max-new-tokens", "6"];

    /// <summary>Until the process has begun and then computes nothing for a while: it waits for input, or for who takes its output.</summary>
    internal static async Task WaitUntilIdleAsync(Process process, CancellationToken cancellationToken)
    {
        for (var (before, still) = (TimeSpan.Zero, 0); still < 8;)
        {
            await Task.Delay(250, cancellationToken);
            process.Refresh();
            var now = process.TotalProcessorTime;
            still = now.TotalSeconds > 0.05 && (now - before).TotalMilliseconds < 20 ? still + 1 : 0;
            before = now;
        }
    }
}
