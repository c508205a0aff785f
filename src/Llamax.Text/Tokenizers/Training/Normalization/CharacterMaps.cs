using System.IO.Compression;

namespace Llamax.Text.Tokenizers.Training.Normalization;

/// <summary>
/// The tables of SentencePiece's named normalisations as a model file carries them, made from Unicode 13 by
/// <c>CharacterMapBuilder</c> beside the tests, which compare them with the library's.
/// </summary>
internal static class CharacterMaps
{
    /// <summary>No replacements at all.</summary>
    public const string Identity = "identity";

    /// <summary>The names, as spm_train knows them.</summary>
    public static readonly string[] Names = [Identity, "nfkc", "nmt_nfkc", "nfkc_cf", "nmt_nfkc_cf"];

    /// <summary>The table of a named normalisation; empty for identity.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static byte[] Named(string name)
    {
        if (name == Identity)
        {
            return [];
        }

        using var packed = typeof(CharacterMaps).Assembly.GetManifestResourceStream($"Llamax.Text.Tokenizers.Training.Normalization.{name}.br")
            ?? throw new ArgumentOutOfRangeException(nameof(name), name, "unknown normalisation");
        using var unpacked = new BrotliStream(packed, CompressionMode.Decompress);
        using var table = new MemoryStream();
        unpacked.CopyTo(table);
        return table.ToArray();
    }
}
