using System.Diagnostics;
using System.Text;
using Llamax.Testing;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>The reference program.</summary>
internal static class SpmEncode
{
    /// <summary>The ids of each line, which must hold no line break.</summary>
    public static int[][] Ids(string model, IReadOnlyList<string> lines) =>
        [.. Run("spm_encode", ["--model=" + model, "--output_format=id"], lines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray())];

    /// <summary>The text of each line of ids.</summary>
    public static string[] Texts(string model, IEnumerable<int[]> ids) =>
        Run("spm_decode", ["--model=" + model, "--input_format=id"], [.. ids.Select(line => string.Join(' ', line))]);

    /// <summary>Runs one of the programs; one line out per line in.</summary>
    public static string[] Run(string program, string[] arguments, IReadOnlyList<string> lines)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(Shared.Program(program, "sentencepiece"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (var line in lines)
        {
            process.StandardInput.Write(line + "\n");
        }

        process.StandardInput.Close();
        var text = output.Result;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return text.Split('\n')[..^1];
    }
}
