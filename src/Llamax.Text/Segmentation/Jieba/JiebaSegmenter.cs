using System.Buffers;
using System.Text;
using static Llamax.Text.Segmentation.Jieba.JiebaStates;

namespace Llamax.Text.Segmentation.Jieba;

/// <summary>
/// Cuts Chinese into words as jieba 0.42.1 does in its default mode, to the last word: the most probable path through a
/// dictionary with frequencies, and for what the dictionary lacks a hidden Markov model over the place that each character
/// has in a word. The files are the user's: jieba's own dictionary (<c>dict.txt</c>, <c>dict.txt.small</c>,
/// <c>dict.txt.big</c>) or another one of that format. Takes time in proportion to the text. Thread-safe.
/// </summary>
public sealed class JiebaSegmenter : IWordSegmenter
{
    private const int Short = 256;

    private readonly JiebaDictionary dictionary;
    private readonly JiebaHmm? hmm;

    internal JiebaSegmenter(JiebaDictionary dictionary, JiebaHmm? hmm) => (this.dictionary, this.hmm) = (dictionary, hmm);

    /// <summary>Reads the files.</summary>
    /// <param name="dictionary">On each line a word, its frequency and perhaps a tag, with one space between, in UTF-8.</param>
    /// <param name="hmm">
    /// The HMM's tables as JSON: <c>start</c>, <c>trans</c> and <c>emit</c> by the states B, M, E and S, in log
    /// probabilities. Without them the cut is jieba's with <c>HMM=False</c>.
    /// </param>
    /// <param name="userDictionaries">
    /// The user's own words, as jieba's <c>load_userdict</c> takes them: a word, perhaps its frequency, perhaps a tag. A
    /// word without frequency gets one that lets it be found whole; with the frequency 0 it is never taken, and where the
    /// HMM makes it, it is cut into characters.
    /// </param>
    /// <exception cref="LlamaxException">A file cannot be read or is not of its format; the message names the line or key.</exception>
    public static JiebaSegmenter Load(string dictionary, string? hmm = null, IReadOnlyList<string>? userDictionaries = null) =>
        new(JiebaLoader.Load(dictionary, userDictionaries ?? []), hmm is null ? null : JiebaHmmReader.Read(hmm));

    /// <inheritdoc/>
    /// <remarks>
    /// These are the parts of <see cref="Cut(ReadOnlySpan{char}, List{ValueTuple{int, int, bool}})"/>, but jieba takes what
    /// is neither Chinese nor ASCII apart character by character, and here words of other scripts (<c>café</c>,
    /// <c>Москва</c>) stay whole and marks stay with their base.
    /// </remarks>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        var first = segments.Count;
        Cut(text, segments);
        var (kept, clusterEnd) = (first, 0);
        var (endsSpaced, endsInBlock) = (false, false);
        for (var i = first; i < segments.Count; i++)
        {
            var (start, length, isWord) = segments[i];
            var inBlock = JiebaBlocks.Contains(text[start]);
            var startsSpaced = TextElement.IsSpaced(text, start);
            if (kept > first && (start < clusterEnd || (startsSpaced && endsSpaced && !(inBlock && endsInBlock))))
            {
                var whole = segments[kept - 1];
                segments[kept - 1] = (whole.Start, whole.Length + length, whole.IsWord || (isWord && inBlock)); // A mark makes no word.
            }
            else
            {
                segments[kept++] = segments[i];
            }

            var end = start + length;
            if (end > clusterEnd)
            {
                var last = inBlock ? end - 1 : start;
                endsInBlock = inBlock;
                endsSpaced = inBlock ? TextElement.IsSpaced(text, last) : startsSpaced;
                clusterEnd = inBlock && (end == text.Length || char.IsAscii(text[end])) ? end : TextElement.End(text, last, out _);
            }
        }

        segments.RemoveRange(kept, segments.Count - kept);
    }

    /// <summary>Cuts a text exactly as <c>jieba.cut(text)</c> does.</summary>
    /// <param name="text">The text; line breaks and spaces are parts, too.</param>
    /// <param name="segments">Receives start, length (in chars) and whether the part has a letter or digit.</param>
    public void Cut(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = JiebaBlocks.End(text, start);
            if (JiebaBlocks.Contains(text[start]))
            {
                CutBlock(text, start, end, segments);
            }
            else
            {
                Rune.DecodeFromUtf16(text[start..], out var character, out _);
                segments.Add((start, end - start, TextElement.IsOfWord(character)));
            }

            start = end;
        }
    }

    /// <summary>Cuts a text exactly as <c>jieba.lcut(text)</c> does.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The parts, which together are the text.</returns>
    public IReadOnlyList<string> Cut(string text)
    {
        var segments = new List<(int Start, int Length, bool IsWord)>();
        Cut(text, segments);
        return segments.ConvertAll(segment => text.Substring(segment.Start, segment.Length));
    }

    private void CutBlock(ReadOnlySpan<char> text, int start, int end, List<(int Start, int Length, bool IsWord)> segments)
    {
        var block = text[start..end];
        var rented = block.Length <= Short ? null : ArrayPool<int>.Shared.Rent(block.Length);
        var ends = rented ?? stackalloc int[Short];
        dictionary.BestPath(block, ends);
        var parts = new Parts(block, start, segments);
        var pending = 0; // From here on the path has characters that may form a word.
        for (var at = 0; at < block.Length;)
        {
            var next = ends[at];
            if (next - at > 1 || (hmm is null && !char.IsAsciiLetterOrDigit(block[at])))
            {
                CutPending(parts, pending, at);
                parts.Add(at, next);
                pending = next;
            }

            at = next;
        }

        CutPending(parts, pending, block.Length);
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private void CutPending(Parts parts, int start, int end)
    {
        if (hmm is null || end - start <= 1)
        {
            parts.Add(start, end);
        }
        else if (dictionary.Has(parts.Block[start..end]))
        {
            parts.AddEach(start, end);
        }
        else
        {
            for (var at = start; at < end;)
            {
                var next = JiebaBlocks.EndOfPiece(parts.Block[..end], at);
                if (JiebaHmm.IsHan(parts.Block[at]))
                {
                    CutUnknown(parts, at, next);
                }
                else
                {
                    parts.Add(at, next);
                }

                at = next;
            }
        }
    }

    private void CutUnknown(Parts parts, int start, int end)
    {
        var text = parts.Block[start..end];
        var rented = text.Length <= Short ? null : ArrayPool<byte>.Shared.Rent(text.Length);
        var states = rented ?? stackalloc byte[Short];
        hmm!.Decode(text, states);
        var begin = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (states[i] is End or Alone)
            {
                if (dictionary.IsForcedApart(text[begin..(i + 1)]))
                {
                    parts.AddEach(start + begin, start + i + 1);
                }
                else
                {
                    parts.Add(start + begin, start + i + 1);
                }

                begin = i + 1;
            }
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Takes the parts of a block.</summary>
    private readonly ref struct Parts(ReadOnlySpan<char> block, int offset, List<(int Start, int Length, bool IsWord)> segments)
    {
        public ReadOnlySpan<char> Block { get; } = block;

        public void Add(int start, int end)
        {
            if (end > start)
            {
                segments.Add((offset + start, end - start, JiebaBlocks.HasWord(Block[start..end])));
            }
        }

        public void AddEach(int start, int end)
        {
            for (; start < end; start++)
            {
                Add(start, start + 1);
            }
        }
    }
}
