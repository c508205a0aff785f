using System.Numerics;
using System.Runtime.Intrinsics;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>Byte-pair encoding of words over the 256 bytes. Thread-safe with a workspace for each call.</summary>
internal sealed class ByteLevelEncoder
{
    // So many words are looked up at once, each in its own place in memory: the processor fetches them side by side.
    private const int Batch = 32;

    // Trained vocabularies have up to three merges for each token. Made-up ones must not take more memory still.
    private const int MergesPerToken = 4;

    private readonly ByteVocabulary vocabulary;
    private readonly MergeEngine merges;
    private readonly bool wholeWordsFirst;
    private readonly int[] byteIds = new int[256];
    private readonly bool hasAllBytes;
    private readonly TokenSearch? search;

    /// <summary>Prepares the encoder.</summary>
    /// <param name="vocabulary">The tokens. A byte that is no token of its own gives no id, as in Hugging Face's library.</param>
    /// <param name="merges">Which tokens merge.</param>
    /// <param name="wholeWordsFirst">Whether a word that is a token is that token, whatever merging would make of it (<c>ignore_merges</c>).</param>
    public ByteLevelEncoder(ByteVocabulary vocabulary, MergeTable merges, bool wholeWordsFirst)
    {
        (this.vocabulary, this.wholeWordsFirst) = (vocabulary, wholeWordsFirst);
        for (var value = 0; value < 256; value++)
        {
            byteIds[value] = vocabulary.Find([(byte)value]);
        }

        hasAllBytes = !byteIds.Contains(-1);
        search = hasAllBytes && merges.All.Length / MergesPerToken <= vocabulary.Count ? new TokenSearch(vocabulary, merges, byteIds) : null;
        Merges = search?.Merges ?? merges;
        this.merges = new MergeEngine(Merges);
    }

    /// <summary>The merges that are needed.</summary>
    public MergeTable Merges { get; }

    /// <summary>Appends the ids of a text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="words">The words into which it is cut.</param>
    /// <param name="ids">Receives the ids at its end.</param>
    /// <param name="workspace">For this call alone.</param>
    public void Encode(ReadOnlySpan<byte> utf8, SplitPieces words, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        Span<Vector128<byte>> keys = stackalloc Vector128<byte>[Batch];
        Span<int> places = stackalloc int[Batch];
        var known = workspace.ShortWords;
        for (var (from, start) = (0, 0); from < words.Count; from += Batch)
        {
            var (count, at, touched) = (Math.Min(Batch, words.Count - from), start, 0);
            for (var i = 0; i < count; i++)
            {
                var end = words.End(from + i);
                if (end - at <= ShortWordCache.LongestWord)
                {
                    keys[i] = ShortWordCache.Key(utf8, at, end - at);
                    places[i] = known.Place(keys[i]);
                    touched += known.Touch(places[i]);
                }

                at = end;
            }

            workspace.Touched = touched;
            for (var i = 0; i < count; i++)
            {
                var end = words.End(from + i);
                if (end - start == 1)
                {
                    var id = byteIds[utf8[start]];
                    if (id >= 0)
                    {
                        ids.Add(id);
                    }
                }
                else if (end - start > ShortWordCache.LongestWord)
                {
                    EncodeLong(utf8[start..end], ids, workspace);
                }
                else if (known.TryGet(keys[i], places[i], out var found) && found.ToScalar() >= 0)
                {
                    ids.AddFirst(found, BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits() | 1u << Vector128<int>.Count));
                }
                else if (EncodeShort(utf8[start..end], keys[i], places[i], ids, workspace))
                {
                    for (var j = i + 1; j < count; j++)
                    {
                        places[j] = known.Place(keys[j]);
                    }
                }

                start = end;
            }
        }
    }

    private bool EncodeShort(ReadOnlySpan<byte> word, Vector128<byte> key, int place, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        if (workspace.ShortWords.TryGet(key, place, out _))
        {
            EncodeLong(word, ids, workspace);
            return false;
        }

        var start = ids.Count;
        EncodeNew(word, ids, workspace);
        return workspace.ShortWords.Add(key, ids.Written[start..]);
    }

    private void EncodeLong(ReadOnlySpan<byte> word, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        if (!workspace.Words.TryGet(word, ids))
        {
            var start = ids.Count;
            EncodeNew(word, ids, workspace);
            workspace.Words.Add(word, ids.Written[start..]);
        }
    }

    private void EncodeNew(ReadOnlySpan<byte> word, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        var whole = !wholeWordsFirst ? -1 : search is null ? vocabulary.Find(word) : search.FindUnreached(word);
        if (whole >= 0)
        {
            ids.Add(whole);
        }
        else if (search is null || word.Length > TokenSearch.LongestWord || !search.TryEncode(word, ids))
        {
            Merge(word, ids, workspace);
        }
    }

    private void Merge(ReadOnlySpan<byte> word, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        if (word.Length > merges.LongestWhole && hasAllBytes)
        {
            merges.Merge(new ByteSource(word, byteIds), ids, workspace.Merges);
            return;
        }

        var symbols = workspace.Symbols(word.Length);
        var count = 0;
        foreach (var value in word)
        {
            if (byteIds[value] >= 0)
            {
                symbols[count++] = byteIds[value];
            }
        }

        count = merges.Merge(symbols[..count], workspace.Merges);
        ids.AddRange(symbols[..count]);
    }

    /// <summary>A long word, symbol by symbol.</summary>
    private readonly ref struct ByteSource(ReadOnlySpan<byte> word, int[] byteIds) : ISymbolSource
    {
        private readonly ReadOnlySpan<byte> word = word;

        public int Read(int place, Span<int> symbols)
        {
            var part = word[place..Math.Min(word.Length, place + symbols.Length)];
            for (var i = 0; i < part.Length; i++)
            {
                symbols[i] = byteIds[part[i]];
            }

            return part.Length;
        }

        public int Skip(int place, int count) => place + count;
    }
}
