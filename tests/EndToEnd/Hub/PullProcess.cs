using System.Diagnostics;

namespace Llamax.EndToEnd.Hub;

/// <summary><c>llamax pull</c> as a process of its own, against a hub of the test.</summary>
internal static class PullProcess
{
    public static Process Start(string endpoint, string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "llamax.dll"), "pull", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("HF_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NO_PROXY"] = "127.0.0.1,localhost";
        start.Environment["HF_ENDPOINT"] = endpoint;
        start.Environment["HF_HOME"] = home;
        start.Environment["XDG_CACHE_HOME"] = home;
        return Process.Start(start)!;
    }

    public static async Task<(int Code, string Output, string Errors)> RunAsync(string endpoint, string home, params string[] arguments)
    {
        using var process = Start(endpoint, home, arguments);
        return await EndAsync(process);
    }

    public static async Task<(int Code, string Output, string Errors)> EndAsync(Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
