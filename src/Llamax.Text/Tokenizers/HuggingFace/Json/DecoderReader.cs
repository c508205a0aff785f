using System.Text;
using Llamax.Text.Tokenizers.HuggingFace.Decoders;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads the <c>decoder</c> of a file.</summary>
internal static class DecoderReader
{
    private const string Known = "Sequence, ByteLevel, Metaspace, ByteFallback, Fuse, Replace, Strip, WordPiece, BPEDecoder";

    /// <summary>Makes the stages anew for each text.</summary>
    /// <param name="part">The component; null for none.</param>
    public static Func<IEnumerable<DecodingStage>> Read(JsonPart? part)
    {
        var stages = new List<Func<DecodingStage>>();
        if (part is { } component)
        {
            Add(component, stages);
        }
        else
        {
            stages.Add(() => new JoinStage());
        }

        return () => stages.Select(stage => stage());
    }

    private static void Add(JsonPart part, List<Func<DecodingStage>> stages)
    {
        if (part.Type == "Sequence")
        {
            foreach (var item in part.Get("decoders").Items)
            {
                Add(item, stages);
            }

            return;
        }

        stages.Add(part.Type switch
        {
            "ByteLevel" => () => new ByteLevelStage(),
            "ByteFallback" => () => new ByteFallbackStage(),
            "Fuse" => () => new FuseStage(),
            "Metaspace" => Metaspace(part),
            "Replace" => Replace(part),
            "Strip" => Strip(part),
            "WordPiece" => WordPiece(part),
            "BPEDecoder" => Suffix(part),
            var type => throw part.Error($"is of type '{type}', which Llamax does not know. It knows {Known}."),
        });
    }

    private static Func<DecodingStage> Metaspace(JsonPart part)
    {
        var replacement = part.Character("replacement");
        var drops = part.OptionalText("prepend_scheme") is { } scheme ? scheme != "never" : part.Flag("add_prefix_space", true);
        return () => new MetaspaceStage(replacement, drops);
    }

    private static Func<DecodingStage> Replace(JsonPart part)
    {
        var (pattern, content) = (Patterns.Read(part), Patterns.Content(part));
        return part.Get("pattern").IsText is false && part.Get("pattern").OptionalText("String") is [var character]
            ? () => new CharacterReplaceStage(character, content) : () => new ReplaceStage(pattern, content);
    }

    private static Func<DecodingStage> Strip(JsonPart part)
    {
        var content = part.Character("content").EnumerateRunes().First();
        var (start, stop) = (part.Number("start"), part.Number("stop"));
        return () => new StripStage(content, start, stop);
    }

    private static Func<DecodingStage> WordPiece(JsonPart part)
    {
        var (prefix, cleanup) = (part.Text("prefix"), part.Flag("cleanup"));
        return () => new WordPieceStage(prefix, cleanup);
    }

    private static Func<DecodingStage> Suffix(JsonPart part)
    {
        var suffix = part.Text("suffix");
        return suffix.Length > 0 ? () => new SuffixStage(suffix) : throw part.Get("suffix").Error("must not be empty.");
    }
}
