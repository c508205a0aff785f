namespace Llamax.Text.Tokenizers;

/// <summary>What the names of special tokens (such as <c>&lt;|im_start|&gt;</c>) mean where they stand in a text.</summary>
public enum SpecialTokens
{
    /// <summary>
    /// What they mean to the family's own library: a Hugging Face tokenizer makes the special token of them, a
    /// SentencePiece model reads the names of its control symbols as text.
    /// </summary>
    Parse,

    /// <summary>Text like any other, so that nobody's text can speak with the template's voice.</summary>
    Text,
}
