using System.Text;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli;

/// <summary>Prints text while its tokens come, never half a character. A model may write rows of its embedding that its tokenizer has no piece for: they are left out.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="output">Where the text goes.</param>
internal sealed class TextPrinter(Tokenizer tokenizer, TextWriter output)
{
    private readonly TokenDecoder decoder = tokenizer.CreateDecoder();
    private readonly StringBuilder text = new();

    /// <summary>Prints what is certain with this token.</summary>
    public void Add(int id)
    {
        if (id < tokenizer.VocabularySize)
        {
            decoder.Add(id, text);
            Print();
        }
    }

    /// <summary>Prints the rest and ends the line.</summary>
    public void Finish()
    {
        decoder.Finish(text);
        text.Append('\n');
        Print();
    }

    private void Print()
    {
        if (text.Length > 0)
        {
            output.Write(text);
            output.Flush();
            text.Clear();
        }
    }
}
