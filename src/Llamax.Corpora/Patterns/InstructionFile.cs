using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Patterns;

/// <summary>Instructions in Alpaca's format: translations in every direction, and general ones in English.</summary>
internal static class InstructionFile
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Build(PatternWorld world, List<Meaning> training, PatternCorpusOptions options)
    {
        var entries = new List<(string Instruction, string Input, string Output)>();
        foreach (var source in world.Languages)
        {
            foreach (var target in world.Languages.Where(language => language != source))
            {
                var order = training.ToArray();
                new RandomStream(options.Seed, "patterns", "instructions", source.Code, target.Code).Shuffle<Meaning>(order);
                entries.AddRange(order.Take(options.Instructions).Select(meaning =>
                    ($"Translate the following sentences from {source.PromptName} to {target.PromptName}.",
                        meaning.Text(source.Code), meaning.Text(target.Code))));
            }
        }

        if (options.GeneralInstructions > 0)
        {
            entries.AddRange(new GeneralInstructions(world, training, new RandomStream(options.Seed, "patterns", "general"))
                .Create(options.GeneralInstructions));
        }

        var all = entries.ToArray();
        new RandomStream(options.Seed, "patterns", "instructions").Shuffle<(string, string, string)>(all);

        var text = new StringBuilder("[\n");
        for (var i = 0; i < all.Length; i++)
        {
            var (instruction, input, output) = all[i];
            text.Append(JsonSerializer.Serialize(new { instruction, input, output }, Json))
                .Append(i < all.Length - 1 ? ",\n" : "\n");
        }

        return text.Append("]\n").ToString();
    }
}
