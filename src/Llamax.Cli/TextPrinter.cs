using System.Text;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli;

/// <summary>
/// Prints text while its tokens come, never half a character, and nothing from the first stop string on: what may be the
/// beginning of one waits. A model may write rows of its embedding that its tokenizer has no piece for: they are left out.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="output">Where the text goes.</param>
/// <param name="stops">Strings that end the text.</param>
internal sealed class TextPrinter(Tokenizer tokenizer, TextWriter output, IReadOnlyList<string> stops)
{
    private readonly TokenDecoder decoder = tokenizer.CreateDecoder();
    private readonly StringBuilder text = new();
    private bool stopped;

    /// <summary>Prints what is certain with this token.</summary>
    public void Add(int id)
    {
        if (id < tokenizer.VocabularySize)
        {
            decoder.Add(id, text);
            Print(last: false);
        }
    }

    /// <summary>Prints the rest and ends the line.</summary>
    public void Finish()
    {
        decoder.Finish(text);
        Print(last: true);
        output.Write('\n');
        output.Flush();
    }

    private void Print(bool last)
    {
        var waiting = text.ToString();
        var certain = stops.Select(stop => waiting.IndexOf(stop, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(-1).Min();
        if (stopped || certain == 0 || waiting.Length == 0)
        {
            stopped |= certain == 0;
            return;
        }

        stopped = certain > 0;
        certain = stopped ? certain : last ? waiting.Length : waiting.Length - Held(waiting);
        output.Write(waiting[..certain]);
        output.Flush();
        text.Remove(0, certain);
    }

    /// <summary>How much of the end may be the beginning of a stop string.</summary>
    private int Held(string waiting)
    {
        var longest = Math.Min(waiting.Length, stops.Select(stop => stop.Length - 1).DefaultIfEmpty(0).Max());
        for (var length = longest; length > 0; length--)
        {
            if (stops.Any(stop => stop.Length > length && waiting.AsSpan(waiting.Length - length).SequenceEqual(stop.AsSpan(0, length))))
            {
                return length;
            }
        }

        return 0;
    }
}
