using System.Text;
using Llamax.Text.Tokenizers.HuggingFace.Normalizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads the <c>normalizer</c> of a file.</summary>
internal static class NormalizerReader
{
    private const string Known =
        "Sequence, Prepend, Replace, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Nmt, Precompiled, ByteLevel";

    /// <summary>The steps, in order.</summary>
    /// <param name="part">The component; null for none.</param>
    public static TextNormalizer[] Read(JsonPart? part)
    {
        var steps = new List<TextNormalizer>();
        if (part is { } component)
        {
            Add(component, steps);
        }

        return [.. steps];
    }

    private static void Add(JsonPart part, List<TextNormalizer> steps)
    {
        if (part.Type == "Sequence")
        {
            foreach (var item in part.Get("normalizers").Items)
            {
                Add(item, steps);
            }

            return;
        }

        steps.Add(part.Type switch
        {
            "Prepend" => new PrependNormalizer(Encoding.UTF8.GetBytes(part.Text("prepend"))),
            "Replace" => new ReplaceNormalizer(Patterns.Read(part), Encoding.UTF8.GetBytes(Patterns.Content(part))),
            "NFC" => new UnicodeNormalizer(compatible: false, compose: true),
            "NFD" => new UnicodeNormalizer(compatible: false, compose: false),
            "NFKC" => new UnicodeNormalizer(compatible: true, compose: true),
            "NFKD" => new UnicodeNormalizer(compatible: true, compose: false),
            "Lowercase" => CharacterNormalizer.Lowercase,
            "StripAccents" => CharacterNormalizer.StripAccents,
            "Nmt" => CharacterNormalizer.Nmt,
            "Strip" => new StripNormalizer(part.Flag("strip_left"), part.Flag("strip_right")),
            "ByteLevel" => new ByteMappingNormalizer(),
            "Precompiled" => Precompiled(part.Get("precompiled_charsmap")),
            var type => throw part.Error($"is of type '{type}', which Llamax does not know. It knows {Known}."),
        });
    }

    private static PrecompiledNormalizer Precompiled(JsonPart map)
    {
        try
        {
            return new PrecompiledNormalizer(new CharacterMap(map.AsBytes()));
        }
        catch (InvalidDataException exception)
        {
            throw map.Error("is no table of replacements: its lengths do not fit.", exception);
        }
    }
}
