namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>One uncompressed record of a zip archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where its bytes start in the file.</param>
/// <param name="Length">How many there are.</param>
internal sealed record ZipRecord(string Name, long Offset, long Length);
