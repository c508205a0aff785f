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
        TokenizationTexts.Write(text, lines);
        return ProcessClock.Time(Patience, "spm_encode", ["--model=" + model, "--output_format=id"], text)?.User;
    }
}
