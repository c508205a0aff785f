using System.Diagnostics;

namespace Llamax.EndToEnd;

/// <summary>Runs the <c>llamax</c> that lies beside the tests, as a user would.</summary>
internal static class CommandLine
{
    /// <summary>Runs to the end.</summary>
    public static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Starts, for a test that does not wait for the end.</summary>
    public static Process Start(params string[] arguments) => Start([], arguments);

    /// <summary>The same with variables of the environment.</summary>
    public static Process Start((string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "llamax.dll"), .. arguments])
        {
            UseShellExecute = false,
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
