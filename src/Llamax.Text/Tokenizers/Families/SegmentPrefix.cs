namespace Llamax.Text.Tokenizers.Families;

/// <summary>Where a space is put before text.</summary>
internal enum SegmentPrefix
{
    /// <summary>Before each part between special tokens.</summary>
    Each,

    /// <summary>Before the whole text.</summary>
    Once,

    /// <summary>Nowhere.</summary>
    None,
}
