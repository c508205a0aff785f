using System.Diagnostics;
using Llamax.Testing;

namespace Llamax.Distributed;

/// <summary>One scene of the host program, played by several processes under a real launcher.</summary>
internal sealed class Job : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> output, errors;

    private Job(Process process)
    {
        this.process = process;
        (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>What all processes wrote to standard output.</summary>
    public string Output => output.Result;

    /// <summary>What all processes and the launcher wrote to standard error.</summary>
    public string Errors => errors.Result;

    /// <summary>Starts a scene.</summary>
    /// <param name="launcher"><c>openmpi</c> or <c>mpich</c>, or nothing to start it as one process without a launcher.</param>
    /// <param name="size">Number of processes.</param>
    /// <param name="folder">Where they leave their marks.</param>
    /// <param name="scene">Of the host program.</param>
    /// <param name="hero">The rank that differs.</param>
    /// <param name="variables">Set for all of them.</param>
    public static Job Start(
        string launcher, int size, TemporaryFolder folder, string scene, int hero = -1, params (string Name, string Value)[] variables)
    {
        var host = Path.Combine(AppContext.BaseDirectory.Replace("Llamax.Distributed.Tests", "Llamax.Distributed.Host", StringComparison.Ordinal), "Llamax.Distributed.Host");
        string[] words = launcher switch
        {
            "openmpi" => [Shared.Program("mpirun.openmpi", "openmpi-bin"), "--allow-run-as-root", "--oversubscribe", "-n", $"{size}", host],
            "mpich" => [Shared.Program("mpirun.mpich", "mpich"), "-n", $"{size}", host],
            _ => [host],
        };
        var start = new ProcessStartInfo(words[0], [.. words[1..], scene, $"{hero}", folder.Path])
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

        return new Job(Process.Start(start)!);
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The launcher's exit code.</returns>
    public int Wait()
    {
        Assert.True(process.WaitForExit(Patience), "the job hangs");
        return process.ExitCode;
    }

    /// <summary>Sends a signal to the launcher.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{process.Id}"]).WaitForExit();

    /// <summary>Ends what still runs.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
