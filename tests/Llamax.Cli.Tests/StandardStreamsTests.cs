using System.Buffers;
using System.Diagnostics;
using System.Text;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

public sealed class StandardStreamsTests
{
    [Fact]
    public void Lines_before_a_bad_one_have_their_answers()
    {
        using var input = new MemoryStream("a\nb\nbad\nc\n"u8.ToArray());
        using var output = new MemoryStream();
        var failure = Assert.Throws<LlamaxException>(() => StandardStreams.Transform(
            input, output,
            (line, number, answer) =>
            {
                answer.Write(line);
                if (line.Length > 1)
                {
                    throw new LlamaxException($"line {number}");
                }
            },
            TestContext.Current.CancellationToken));
        Assert.Equal("line 3", failure.Message);
        Assert.Equal("a\nb\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void A_line_without_end_is_refused_by_its_number()
    {
        using var input = new EndlessLine();
        using var output = new MemoryStream();
        var failure = Assert.Throws<LlamaxException>(() => StandardStreams.Transform(
            input, output, (line, _, answer) => answer.Write(line), TestContext.Current.CancellationToken));
        Assert.Contains("line 2: longer than 128 MiB", failure.Message, StringComparison.Ordinal);
        Assert.Equal("first\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task The_program_ends_when_nobody_reads_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        using var folder = new TemporaryFolder();
        var cancellation = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(folder.File("corpus.txt"), "the cat sat on the mat\n", cancellation);
        var trained = await CommandLine.RunAsync("", "tokenizer", "train", "--input", folder.File("corpus.txt"), "--vocabulary-size", "275", "--out", folder.File("tokenizer.model"));
        Assert.True(trained.Code == 0, trained.Error);

        var start = new ProcessStartInfo("bash", ["-c", "yes the cat | dotnet \"$0\" tokenize --tokenizer \"$1\" | head -n 1; echo ${PIPESTATUS[1]}", Path.Combine(AppContext.BaseDirectory, "llamax.dll"), folder.Path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
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

    /// <summary>One line, then one that does not end.</summary>
    private sealed class EndlessLine : MemoryStream
    {
        private bool begun;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var space = buffer.AsSpan(offset, count);
            space.Fill((byte)'x');
            if (!begun)
            {
                begun = true;
                "first\n"u8.CopyTo(space);
            }

            return count;
        }
    }
}
