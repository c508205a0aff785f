namespace Llamax.Text.Tokenizers;

/// <summary>The ids that a model expects around a text: BOS, EOS, language tokens.</summary>
/// <param name="Prefix">Ids before the text.</param>
/// <param name="Suffix">Ids after the text.</param>
public sealed record SequenceFrame(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix)
{
    /// <summary>The frame of a training entry, which says where it ends even where the model's input does not.</summary>
    /// <param name="tokenizer">Whose frame it is.</param>
    /// <param name="begins">Whether the entry begins as the model's input does, with BOS for most.</param>
    /// <param name="ends">Whether it ends with EOS; where the tokenizer has none, it cannot.</param>
    public static SequenceFrame ForTraining(Tokenizer tokenizer, bool begins, bool ends) => new(
        begins ? tokenizer.Frame().Prefix : [],
        ends && tokenizer.EosId is { } eos ? [eos] : []);

    /// <summary>The ids with the frame around them.</summary>
    /// <param name="ids">The ids of a text.</param>
    public int[] Around(ReadOnlySpan<int> ids) => [.. Prefix, .. ids, .. Suffix];
}
