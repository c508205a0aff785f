namespace Llamax.Models.Families;

/// <summary>Cohere's Command R and Aya-23 (Aryabumi et al., 2024): parallel blocks, layer norms, scaled logits, always tied.</summary>
internal static class Cohere
{
    public static readonly DecoderFamily Family = new()
    {
        Name = "cohere",
        Models = "Aya-23, Command R",
        Architecture = "CohereForCausalLM",
        Template = "aya-23",
        BasePrefix = "model.",
        Aliases = TiedNames.Of("model.embed_tokens.weight"),
        Ignored = LlamaNames.Ignored,
        Read = json =>
        {
            json.Expect("use_qk_norm", expected: false);
            return Llama.Read(json) with
            {
                Family = "cohere",
                Norm = NormKind.Layer,
                NormEpsilon = json.Number("layer_norm_eps") ?? 1e-5,
                NormPlace = NormPlace.Parallel,
                Positions = PositionKind.RotaryInterleaved,
                LogitScale = json.Number("logit_scale") ?? 0.0625,
                TiedEmbeddings = json.Flag("tie_word_embeddings") ?? true,
            };
        },
        Write = config =>
        {
            var keys = Llama.Write(config);
            keys.Remove("mlp_bias");
            keys.Remove("rms_norm_eps");
            keys["layer_norm_eps"] = config.NormEpsilon;
            keys["logit_scale"] = config.LogitScale;
            keys["use_qk_norm"] = false;
            return keys;
        },
        Names = LlamaNames.Stack,
    };
}
