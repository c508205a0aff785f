namespace Llamax.Corpora.Building.Units;

/// <summary>How units are scanned.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Threads">Threads at most; 0 for one per core.</param>
/// <param name="MaxBad">Records of a unit that may be bad.</param>
/// <param name="Time">For how long it takes.</param>
internal sealed record ScanSettings(long Seed, int Threads, long MaxBad, TimeProvider Time);
