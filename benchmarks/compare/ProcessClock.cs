using System.Diagnostics;
using System.Globalization;

namespace Llamax.Benchmarks.Compare;

/// <summary>How long a program runs, from its start to its end.</summary>
/// <param name="Wall">Seconds on the clock.</param>
/// <param name="User">Seconds of the processor in user mode, all threads together.</param>
/// <param name="System">Seconds of the processor in the kernel.</param>
internal readonly record struct ProcessClock(double Wall, double User, double System)
{
    /// <summary>Seconds of the processor.</summary>
    public double Processor => User + System;

    /// <summary>Runs a program, without its output; null where it fails or takes longer than the patience lasts.</summary>
    public static ProcessClock? Time(TimeSpan patience, string program, string[] arguments, string? input = null)
    {
        // The shell's own clock: after its end a process cannot be asked for its times.
        var start = new ProcessStartInfo("bash",
            ["-c", "TIMEFORMAT='%R %U %S'; input=$1; shift; time timeout \"$0\" \"$@\" < \"$input\" > /dev/null 2>&1",
                patience.TotalSeconds.ToString(CultureInfo.InvariantCulture), input ?? "/dev/null", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var shell = Process.Start(start)!;
        var times = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return shell.ExitCode == 0 && times.Split(' ').Select(seconds => double.Parse(seconds, CultureInfo.InvariantCulture)).ToList() is [var wall, var user, var system]
            ? new ProcessClock(wall, user, system) : null;
    }

    /// <summary>Where a program is; null where it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
