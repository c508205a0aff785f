using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads the <c>pre_tokenizer</c> of a file.</summary>
internal static class PreTokenizerReader
{
    private const string Known =
        "Sequence, ByteLevel, Split, Metaspace, Digits, Whitespace, WhitespaceSplit, Punctuation, CharDelimiterSplit, BertPreTokenizer";

    /// <summary>The steps, in order.</summary>
    /// <param name="part">The component; null for none.</param>
    public static List<PieceStep> Read(JsonPart? part)
    {
        var steps = new List<PieceStep>();
        if (part is { } component)
        {
            Add(component, steps);
        }

        return steps;
    }

    private static void Add(JsonPart part, List<PieceStep> steps)
    {
        switch (part.Type)
        {
            case "Sequence":
                foreach (var item in part.Get("pretokenizers").Items)
                {
                    Add(item, steps);
                }

                break;
            case "ByteLevel":
                AddByteLevel(part, steps);
                break;
            case "Split":
                steps.Add(new SplitStep(Patterns.Read(part), Behavior(part), part.Flag("invert")));
                break;
            case "Metaspace":
                steps.Add(new MetaspaceStep(Encoding.UTF8.GetBytes(part.Character("replacement")), Scheme(part), part.Flag("split", true)));
                break;
            case "Digits" when part.Flag("individual_digits"):
                steps.Add(new SplitStep(CharacterPattern.Each(CharacterKinds.IsNumber), SplitBehavior.Isolated));
                break;
            case "Digits":
                steps.Add(new SplitStep(CharacterPattern.Each(CharacterKinds.IsNumber), SplitBehavior.Contiguous));
                break;
            case "Whitespace":
                steps.Add(new SplitStep(new CharacterPattern(WordOrNot, inRuns: true), SplitBehavior.Removed, invert: true));
                break;
            case "WhitespaceSplit":
                steps.Add(new SplitStep(CharacterPattern.Each(Rune.IsWhiteSpace), SplitBehavior.Removed));
                break;
            case "Punctuation":
                steps.Add(new SplitStep(CharacterPattern.Each(CharacterKinds.IsPunctuation),
                    part.Find("behavior") is null ? SplitBehavior.Isolated : Behavior(part)));
                break;
            case "BertPreTokenizer":
                steps.Add(new SplitStep(CharacterPattern.Each(Rune.IsWhiteSpace), SplitBehavior.Removed));
                steps.Add(new SplitStep(CharacterPattern.Each(CharacterKinds.IsPunctuation), SplitBehavior.Isolated));
                break;
            case "CharDelimiterSplit":
                steps.Add(new SplitStep(new LiteralPattern(Encoding.UTF8.GetBytes(part.Character("delimiter"))), SplitBehavior.Removed));
                break;
            case var type:
                throw part.Error($"is of type '{type}', which Llamax does not know. It knows {Known}.");
        }
    }

    private static void AddByteLevel(JsonPart part, List<PieceStep> steps)
    {
        if (part.Flag("add_prefix_space"))
        {
            steps.Add(new PrefixSpaceStep());
        }

        if (part.Flag("use_regex", true))
        {
            steps.Add(new SplitStep(SplitPattern.Gpt2, SplitBehavior.Isolated));
        }

        steps.Add(new ByteMappingStep());
    }

    private static int WordOrNot(Rune rune) => Rune.IsWhiteSpace(rune) ? 0 : CharacterKinds.IsWord(rune) ? 1 : 2;

    private static SplitBehavior Behavior(JsonPart part) =>
        part.Text("behavior") is var name && Enum.TryParse<SplitBehavior>(name, out var behavior) && behavior.ToString() == name
            ? behavior : throw part.Get("behavior").Error($"is '{name}', but must be one of {string.Join(", ", Enum.GetNames<SplitBehavior>())}.");

    private static PrependScheme Scheme(JsonPart part)
    {
        var scheme = part.OptionalText("prepend_scheme") switch
        {
            null => (PrependScheme?)null,
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw part.Get("prepend_scheme").Error($"is '{other}', but must be always, first or never."),
        };
        if (scheme is PrependScheme.Always or PrependScheme.First && !part.Flag("add_prefix_space", true))
        {
            throw part.Error($"says \"add_prefix_space\": false and \"prepend_scheme\": \"{part.Text("prepend_scheme")}\", which contradict each other. Make the scheme never, or remove the former.");
        }

        return scheme ?? (part.Flag("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never);
    }
}
