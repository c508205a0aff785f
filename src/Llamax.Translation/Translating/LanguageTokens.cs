using Llamax.Text.Languages;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;

namespace Llamax.Translation.Translating;

/// <summary>How encoder-decoder models are asked that know languages by tokens.</summary>
internal static class LanguageTokens
{
    public const string Wording = "{source token} {input} → {target token}";

    /// <summary>The source's token stands in the frame around the text; the target's is the first that the decoder writes.</summary>
    /// <exception cref="LlamaxException">A language has no token.</exception>
    public static Prompt Ask(Tokenizer tokenizer, int startId, string text, Language from, Language to)
    {
        var forced = tokenizer.LanguageId(to.Code) ?? throw new LlamaxException(
            "The model is told languages by tokens, and its tokenizer has none: put the files of the tokenizer that it was trained with into its folder "
            + "(sentencepiece.bpe.model, and vocab.json of M2M-100, with tokenizer_config.json).");
        return new Prompt([startId]) { Source = tokenizer.Frame(from.Code).Around(tokenizer.Encode(text, SpecialTokens.Text)), ForcedFirst = forced };
    }

    /// <summary>What was written behind the target's token.</summary>
    public static Hypothesis Answer(Hypothesis hypothesis) =>
        hypothesis.Ids.Count > 0 ? hypothesis with { Ids = [.. hypothesis.Ids.Skip(1)] } : hypothesis;
}
