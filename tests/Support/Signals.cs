using System.Globalization;

namespace Llamax.Testing;

/// <summary>What tests that send signals ask first.</summary>
internal static class Signals
{
    /// <summary>Skips a test that sends SIGINT where programs inherit that it is ignored, from a shell that starts them in the background for example.</summary>
    public static void SkipWhereIgnored(string signal) => Assert.SkipWhen(
        signal == "INT" && InterruptIsIgnored(), "needs SIGINT, which who started the tests ignores: start them in the foreground");

    private static bool InterruptIsIgnored() => File.Exists("/proc/self/status")
        && Array.Find(File.ReadAllLines("/proc/self/status"), line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (ulong.Parse(mask["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
}
