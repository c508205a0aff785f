namespace Llamax.Models.Families;

/// <summary>
/// YAYI 2 (Luo et al., 2023): LLaMA's network with one head of keys and values for all queries, and a
/// <c>config.json</c> that leaves their number out. The names are known from a conversion for another framework; no
/// reference output was at hand.
/// </summary>
internal static class Yayi2
{
    private const double Theta = 100_000;

    public static readonly DecoderFamily Family = new()
    {
        Name = "yayi",
        Models = "YAYI 2",
        Architecture = "YayiForCausalLM",
        Template = "alpaca",
        Tested = false,
        BasePrefix = "model.",
        Aliases = TiedNames.Of("model.embed_tokens.weight"),
        Ignored = LlamaNames.Ignored,
        TiedByDefault = false,
        Read = json =>
        {
            var shape = Llama.Read(json);
            return shape with
            {
                Family = "yayi",
                KeyValueHeads = json.Integer("num_key_value_heads") ?? 1,
                RopeTheta = json.Number("rope_theta") ?? Theta,
            };
        },
        Write = Llama.Write,
        Names = LlamaNames.Stack,
    };
}
