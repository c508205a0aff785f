using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Models.Checkpoints;

namespace Llamax.Models.Families;

/// <summary>
/// Lego-MT (Yuan et al., 2023): M2M-100's network whose encoder and decoder come from files of their own, under fairseq's
/// names. The files' layout is known from the release's instructions; no reference output was at hand.
/// </summary>
internal static class LegoMt
{
    public const string Name = "lego_mt";
    public const string EncoderEmbedding = "encoder.embed_tokens.weight", DecoderEmbedding = "decoder.embed_tokens.weight";
    public const string Output = "decoder.output_projection.weight";

    // What M2M-100's models of 418 million and 1.2 billion parameters have: no tensor's shape tells it.
    public const int AssumedHeads = 16;

    public static readonly SequenceToSequenceFamily Family = new()
    {
        Name = Name,
        Models = "Lego-MT",
        Architecture = M2M100.Family.Architecture,
        Tested = false,
        Read = Read,
        Encoder = M2M100.Names("", "encoder") with { Embedding = EncoderEmbedding },
        Decoder = M2M100.Names("", "decoder") with { Embedding = DecoderEmbedding, Output = Output },
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [EncoderEmbedding] = [DecoderEmbedding, Output] },
    };

    /// <summary>What a <c>config.json</c> would say, for weights that come without one.</summary>
    /// <exception cref="LlamaxException">A tensor that tells a size is missing, or no matrix.</exception>
    public static JsonElement Describe(WeightFiles files)
    {
        var embedding = Matrix(files, files.Find(EncoderEmbedding, DecoderEmbedding)?.Name ?? EncoderEmbedding);
        var keys = new JsonObject { ["model_type"] = Name, ["vocab_size"] = embedding.Rows, ["d_model"] = embedding.Columns };
        foreach (var half in new[] { "encoder", "decoder" })
        {
            keys[$"{half}_layers"] = files.Entries.Select(entry => entry.Name.Split('.'))
                .Select(parts => parts is [var of, "layers", var layer, ..] && of == half ? layer : null).OfType<string>().Distinct(StringComparer.Ordinal).Count();
            keys[$"{half}_ffn_dim"] = Matrix(files, $"{half}.layers.0.fc1.weight").Rows;
            keys[$"{half}_attention_heads"] = AssumedHeads;
        }

        return JsonSerializer.SerializeToElement(keys);
    }

    private static SequenceToSequenceConfig Read(JsonKeys json)
    {
        var read = M2M100.Read(json, Name);
        return read.Decoder.EosIds.Count > 0 ? read : read with { Decoder = read.Decoder with { EosIds = [read.StartId] } };
    }

    private static (long Rows, long Columns) Matrix(WeightFiles files, string name) => files.Holding(name).Find(name)!.Shape is [var rows, var columns]
        ? (rows, columns)
        : throw new LlamaxException($"{files.Holding(name).Path}: '{name}' is no matrix.");
}
