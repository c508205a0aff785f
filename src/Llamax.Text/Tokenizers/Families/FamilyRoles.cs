namespace Llamax.Text.Tokenizers.Families;

/// <summary>The keys under which tokenizer_config.json and special_tokens_map.json name special tokens, in the order in which ids are given to new ones.</summary>
internal static class FamilyRoles
{
    public const string Bos = "bos_token";
    public const string Eos = "eos_token";
    public const string Unk = "unk_token";
    public const string Pad = "pad_token";

    public static IReadOnlyList<string> Keys { get; } = [Bos, Eos, Unk, "sep_token", Pad, "cls_token", "mask_token"];
}
