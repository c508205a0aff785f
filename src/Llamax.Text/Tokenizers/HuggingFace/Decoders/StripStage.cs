using System.Text;

namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary><c>Strip</c>: takes a character away from the start and the end of every token, up to so many times.</summary>
internal sealed class StripStage(Rune content, int start, int stop) : DecodingStage
{
    private readonly string character = content.ToString();
    private int gone; // How many went at the start; -1 behind it.
    private int held; // How many came last, which go if the token ends.

    /// <inheritdoc/>
    public override void Take(ReadOnlySpan<char> text, bool isEnd)
    {
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == content && gone >= 0 && gone < start)
            {
                gone++;
                continue;
            }

            gone = -1;
            if (rune == content && held < stop)
            {
                held++;
                continue;
            }

            if (rune == content)
            {
                Next.Take(character, isEnd: false); // The oldest of those held is not among the last any more.
                continue;
            }

            Release();
            Next.Take(units[..rune.EncodeToUtf16(units)], isEnd: false);
        }

        if (isEnd)
        {
            (gone, held) = (0, 0);
            Next.Take([], isEnd: true);
        }
    }

    private void Release()
    {
        for (; held > 0; held--)
        {
            Next.Take(character, isEnd: false);
        }
    }
}
