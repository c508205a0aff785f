namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads the <c>post_processor</c> of a file: what stands around a text.</summary>
internal static class PostProcessorReader
{
    private const string Known = "Sequence, TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel";

    /// <summary>The ids before and after a single text.</summary>
    /// <param name="part">The component; null for none.</param>
    public static SequenceFrame Read(JsonPart? part)
    {
        var frame = new SequenceFrame([], []);
        return part is { } component ? Wrap(frame, component) : frame;
    }

    private static SequenceFrame Wrap(SequenceFrame frame, JsonPart part)
    {
        switch (part.Type)
        {
            case "Sequence":
                return part.Get("processors").Items.Aggregate(frame, Wrap);
            case "ByteLevel":
                return frame; // Concerns offsets alone.
            case "RobertaProcessing" or "BertProcessing":
                return new SequenceFrame([Id(part.Get("cls")), .. frame.Prefix], [.. frame.Suffix, Id(part.Get("sep"))]);
            case "TemplateProcessing":
                return Template(frame, part);
            case var type:
                throw part.Error($"is of type '{type}', which Llamax does not know. It knows {Known}.");
        }
    }

    private static int Id(JsonPart pair) =>
        pair.Items is [_, var id] ? id.AsNumber() : throw pair.Error("must be a token and its id.");

    private static SequenceFrame Template(SequenceFrame frame, JsonPart part)
    {
        var (prefix, suffix) = (new List<int>(), new List<int>());
        var seen = false;
        foreach (var item in part.Get("single").Items)
        {
            if (item.Find("SpecialToken") is { } special)
            {
                var name = special.Text("id");
                var ids = (part.Find("special_tokens")?.Find(name) ?? throw item.Error($"names '{name}', which special_tokens lacks."))
                    .Get("ids").Items.Select(id => id.AsNumber());
                (seen ? suffix : prefix).AddRange(ids);
            }
            else if (item.Get("Sequence").Text("id") == "A" && !seen)
            {
                seen = true;
            }
            else
            {
                throw item.Error("must not be: a template for a single text has sequence A once.");
            }
        }

        return seen ? new SequenceFrame([.. prefix, .. frame.Prefix], [.. frame.Suffix, .. suffix])
            : throw part.Get("single").Error("lacks sequence A.");
    }
}
