namespace Llamax.Models.Families;

/// <summary>Qwen2 (Yang et al., 2024): LLaMA's network with a bias on queries, keys and values.</summary>
internal static class Qwen2
{
    public static readonly DecoderFamily Family = new()
    {
        Name = "qwen2",
        Models = "Qwen2, Qwen2.5",
        Architecture = "Qwen2ForCausalLM",
        Template = "qwen2",
        BasePrefix = "model.",
        Aliases = TiedNames.Of("model.embed_tokens.weight"),
        Ignored = LlamaNames.Ignored,
        TiedByDefault = false,
        Read = json =>
        {
            json.Expect("use_sliding_window", expected: false);
            return Llama.Read(json) with { Family = "qwen2", AttentionBias = true, AttentionOutBias = false, FeedForwardBias = false };
        },
        Write = config =>
        {
            var keys = Llama.Write(config);
            keys.Remove("attention_bias");
            keys.Remove("mlp_bias");
            keys["use_sliding_window"] = false;
            return keys;
        },
        Names = LlamaNames.Stack,
    };
}
