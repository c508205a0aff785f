using System.Runtime.InteropServices;
using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary>
/// <c>NFD</c>, <c>NFC</c>, <c>NFKD</c>, <c>NFKC</c> (Unicode Standard Annex 15). Text is normalised from one character of
/// class 0 that nothing before can be composed with to the next, so ASCII passes as it is.
/// </summary>
internal sealed class UnicodeNormalizer(bool compatible, bool compose) : TextNormalizer
{
    // Hangul syllables (The Unicode Standard, section 3.12).
    private const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7;
    private const int SyllableCount = 11_172, LeadCount = 19, VowelCount = 21, TailCount = 28;

    // Longer runs of marks, which no language has, are not sorted by insertion.
    private const int LongestInserted = 32;

    private readonly UnicodeData data = UnicodeData.Instance;

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> text, ByteBuffer output, EncodingWorkspace workspace) => Apply(text, output, workspace.Points);

    /// <summary>Appends the normal form of a text.</summary>
    /// <param name="text">Well-formed UTF-8.</param>
    /// <param name="output">Receives it.</param>
    /// <param name="characters">Scratch memory.</param>
    public void Apply(ReadOnlySpan<byte> text, ByteBuffer output, List<int> characters)
    {
        while (!text.IsEmpty)
        {
            var ascii = text.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            ascii = ascii < 0 ? text.Length : Math.Max(0, ascii - 1); // The last one may be composed with what follows.
            output.Append(text[..ascii]);
            text = text[ascii..];
            var length = Decompose(text, characters);
            Reorder(CollectionsMarshal.AsSpan(characters));
            var count = compose ? Compose(CollectionsMarshal.AsSpan(characters)) : characters.Count;
            foreach (var character in CollectionsMarshal.AsSpan(characters)[..count])
            {
                CharacterNormalizer.Append(new Rune(character), output);
            }

            text = text[length..];
        }
    }

    /// <summary>Decomposes up to the next two characters of ASCII, of which the first cannot be composed with anything.</summary>
    private int Decompose(ReadOnlySpan<byte> text, List<int> characters)
    {
        characters.Clear();
        var at = 0;
        while (at < text.Length && !(at > 0 && text[at] < 0x80 && (at + 1 == text.Length || text[at + 1] < 0x80)))
        {
            Rune.DecodeFromUtf8(text[at..], out var rune, out var length);
            Decompose(rune.Value, characters);
            at += length;
        }

        return at;
    }

    /// <summary>Appends what a character is made of, in full; itself where that is all.</summary>
    /// <param name="character">A code point.</param>
    /// <param name="characters">Receives it.</param>
    public void Decompose(int character, List<int> characters)
    {
        var syllable = character - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            characters.Add(Leads + syllable / (VowelCount * TailCount));
            characters.Add(Vowels + syllable % (VowelCount * TailCount) / TailCount);
            if (syllable % TailCount > 0)
            {
                characters.Add(Tails + syllable % TailCount);
            }
        }
        else if (data.Decomposition(character, compatible) is { } parts)
        {
            characters.AddRange(parts);
        }
        else
        {
            characters.Add(character);
        }
    }

    /// <summary>Sorts each run of characters with a class above 0 by class, equal ones as they stand.</summary>
    private void Reorder(Span<int> characters)
    {
        for (var start = 0; start < characters.Length;)
        {
            if (data.Class(characters[start]) == 0)
            {
                start++;
                continue;
            }

            var end = start + 1;
            while (end < characters.Length && data.Class(characters[end]) > 0)
            {
                end++;
            }

            SortByClass(characters[start..end]);
            start = end;
        }
    }

    private void SortByClass(Span<int> run)
    {
        if (run.Length > LongestInserted)
        {
            var keys = new (byte Class, int Place)[run.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = (data.Class(run[i]), i);
            }

            var sorted = run.ToArray();
            Array.Sort(keys, sorted);
            sorted.CopyTo(run);
            return;
        }

        for (var i = 1; i < run.Length; i++)
        {
            var (character, at) = (run[i], i);
            for (; at > 0 && data.Class(run[at - 1]) > data.Class(character); at--)
            {
                run[at] = run[at - 1];
            }

            run[at] = character;
        }
    }

    /// <summary>Composes in place; returns how many are left.</summary>
    private int Compose(Span<int> characters)
    {
        var (count, starter, lastClass) = (0, -1, -1);
        foreach (var character in characters)
        {
            int kind = data.Class(character);
            var composed = starter >= 0 && (lastClass < kind || lastClass == -1) ? Composed(characters[starter], character) : -1;
            if (composed >= 0)
            {
                characters[starter] = composed;
                continue;
            }

            (starter, lastClass) = kind == 0 ? (count, -1) : (starter, kind);
            characters[count++] = character;
        }

        return count;
    }

    private int Composed(int first, int second)
    {
        var (lead, vowel, tail) = (first - Leads, second - Vowels, second - Tails);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            return Syllables + (lead * VowelCount + vowel) * TailCount;
        }

        var syllable = first - Syllables;
        return syllable is >= 0 and < SyllableCount && syllable % TailCount == 0 && tail is > 0 and < TailCount
            ? first + tail : data.Composition(first, second);
    }
}
