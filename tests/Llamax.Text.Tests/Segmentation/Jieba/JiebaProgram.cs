using System.Diagnostics;
using System.Globalization;
using System.Text;
using Llamax.Testing;

namespace Llamax.Text.Tests.Segmentation.Jieba;

/// <summary>The reference program, Debian's <c>python3-jieba</c>.</summary>
internal static class JiebaProgram
{
    private const string Python = "/usr/bin/python3";

    /// <summary>
    /// The sum of the dictionary's frequencies, and lengths of the parts of each text, with the HMM and without; skips the
    /// test where jieba is not installed.
    /// </summary>
    public static (long Total, List<(int[] WithHmm, int[] Without)> Lengths) Cut(TemporaryFolder folder, string dictionary, IEnumerable<string> texts, params string[] userDictionaries)
    {
        Assert.SkipUnless(File.Exists(Python) && Run(["-c", "import jieba"], []).ExitCode == 0, "needs jieba: apt-get install python3-jieba");
        var script = Path.Combine(Shared.Repository, "tests", "Llamax.Text.Tests", "Segmentation", "Jieba", "jieba_cut.py");
        var (exitCode, output, errors) = Run([script, folder.Path, dictionary, .. userDictionaries], texts);
        Assert.True(exitCode == 0, errors);
        var lines = output.Split('\n')[..^1];
        return (long.Parse(lines[0], CultureInfo.InvariantCulture), [.. lines.Skip(1).Chunk(2).Select(pair => (Lengths(pair[0]), Lengths(pair[1])))]);
    }

    private static int[] Lengths(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(length => int.Parse(length, CultureInfo.InvariantCulture))];

    private static (int ExitCode, string Output, string Errors) Run(string[] arguments, IEnumerable<string> texts)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            foreach (var text in texts)
            {
                process.StandardInput.Write(Json(text));
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended before it had read all; its messages say why.
        }

        process.WaitForExit();
        return (process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>The text as a JSON string in ASCII, which can hold half a surrogate pair.</summary>
    private static string Json(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                json.Append(character);
            }
            else
            {
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
        }

        return json.Append("\"\n").ToString();
    }
}
