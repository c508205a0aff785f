using System.Diagnostics;

namespace Llamax.Cli.Tests;

/// <summary>Runs the program as a user does and gives back what it printed.</summary>
internal static class CommandLine
{
    public static Task<(int Code, string Out, string Error)> RunAsync(string input, params string[] arguments) => RunAsync([], input, arguments);

    /// <summary>The same with variables of the environment.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync((string Name, string Value)[] variables, string input, params string[] arguments)
    {
        using var process = Start(variables, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts the program, for a test that does not wait for the end.</summary>
    public static Process Start((string Name, string Value)[] variables, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "llamax.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
