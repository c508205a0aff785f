using Llamax.Corpora.Cleaning;

namespace Llamax.Corpora.Building.Units;

/// <summary>How units are scanned.</summary>
/// <param name="Cleaner">Cleans the records.</param>
/// <param name="Near">Signatures of near duplicates; null where none are looked for.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Threads">Threads at most; 0 for one per core.</param>
/// <param name="MaxBad">Records of a unit that may be bad.</param>
/// <param name="Time">For how long it takes.</param>
internal sealed record ScanSettings(Cleaner Cleaner, NearDuplicates? Near, long Seed, int Threads, long MaxBad, TimeProvider Time);
