using System.Diagnostics;
using System.Globalization;

namespace Llamax.Benchmarks.Compare;

/// <summary>How long Debian's <c>spm_encode</c> takes, less what it takes for one short line.</summary>
internal sealed class SpmEncodeClock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("llamax-tokenization-").FullName;

    /// <summary>Seconds in user mode for all lines; null where it is not installed, fails or takes too long.</summary>
    public double? Seconds(string model, List<byte[]> lines) => Time(model, lines) - Time(model, ["a"u8.ToArray()]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    private double? Time(string model, List<byte[]> lines)
    {
        var text = Path.Combine(folder, "text");
        using (var file = File.Create(text))
        {
            foreach (var line in lines)
            {
                file.Write(line);
                file.WriteByte((byte)'\n');
            }
        }

        // The shell's own clock: after its end a process cannot be asked for its times.
        var start = new ProcessStartInfo("bash", ["-c", "TIMEFORMAT=%U; time timeout \"$0\" spm_encode --model=\"$1\" --output_format=id < \"$2\" > /dev/null 2>&1",
            Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture), model, text])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var shell = Process.Start(start)!;
        var seconds = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return shell.ExitCode == 0 ? double.Parse(seconds, CultureInfo.InvariantCulture) : null;
    }
}
