using System.Numerics;
using System.Runtime.Intrinsics;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>Byte-pair encoding of words over the 256 bytes. Thread-safe with a workspace for each call.</summary>
internal sealed class ByteLevelEncoder
{
    // Trained vocabularies have up to three merges for each token. Made-up ones must not take more memory still.
    private const int MergesPerToken = 4;

    private readonly ByteVocabulary vocabulary;
    private readonly MergeEngine merges;
    private readonly bool wholeWordsFirst;
    private readonly int[] byteIds = new int[256];
    private readonly bool hasAllBytes;
    private readonly UnreachedTokens? unreached;
    private readonly RankedMerges? ranked;

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
        unreached = hasAllBytes && merges.All.Length / MergesPerToken <= vocabulary.Count ? new UnreachedTokens(vocabulary, merges, byteIds) : null;
        Merges = unreached?.Merges ?? merges;
        this.merges = new MergeEngine(Merges);
        ranked = hasAllBytes ? RankedMerges.TryCreate(Merges, byteIds, vocabulary.Count) : null;
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
        // So many words are looked up at once, each in its own place in memory: these are fetched side by side.
        Span<Vector128<byte>> keys = stackalloc Vector128<byte>[WordBatch.Room];
        Span<int> places = stackalloc int[WordBatch.Room];
        Span<Missed> missed = stackalloc Missed[WordBatch.Room];
        var known = workspace.ShortWords;
        for (var (from, start) = (0, 0); from < words.Count; from += WordBatch.Room)
        {
            var (count, at) = (Math.Min(WordBatch.Room, words.Count - from), start);
            for (var i = 0; i < count; i++)
            {
                var end = words.End(from + i);
                if (end - at <= ShortWordCache.LongestWord)
                {
                    keys[i] = ShortWordCache.Key(utf8, at, end - at);
                    places[i] = known.Place(keys[i]);
                    known.Fetch(places[i]);
                }

                at = end;
            }

            var misses = 0;
            for (var i = 0; i < count; i++)
            {
                var end = words.End(from + i);
                var (isShort, found) = (end - start <= ShortWordCache.LongestWord, Vector128<int>.Zero);
                if (end - start == 1)
                {
                    var id = byteIds[utf8[start]];
                    if (id >= 0)
                    {
                        ids.Add(id);
                    }
                }
                else if (isShort && !known.TryGet(keys[i], places[i], out found))
                {
                    EncodeNew(utf8, start, end, keys[i], ids, missed, ref misses, workspace);
                }
                else if (isShort && found.ToScalar() >= 0)
                {
                    ids.AddFirst(found, BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits() | 1u << Vector128<int>.Count));
                }
                else if (!workspace.Words.TryGet(utf8[start..end], ids))
                {
                    EncodeNew(utf8, start, end, keys[i], ids, missed, ref misses, workspace);
                }

                start = end;
            }

            if (misses > 0)
            {
                EncodeMissed(utf8, missed[..misses], ids, workspace);
            }
        }
    }

    /// <summary>Appends the ids of a word that is not remembered, or leaves room for them.</summary>
    private void EncodeNew(
        ReadOnlySpan<byte> utf8, int start, int end, Vector128<byte> key, TokenBuffer ids, Span<Missed> missed, ref int misses, ByteLevelWorkspace workspace)
    {
        var word = utf8[start..end];
        var at = ids.Count;
        if (wholeWordsFirst && FindWhole(word) is >= 0 and var whole)
        {
            ids.Add(whole);
        }
        else if (ranked is not null && word.Length <= WordBatch.LongestWord && workspace.Batch.Add(word, ranked))
        {
            missed[misses++] = new Missed(start, end, at, key);
            ids.Grow(word.Length);
            return;
        }
        else
        {
            Merge(word, ids, workspace);
        }

        Remember(word, key, ids.Written[at..], workspace);
    }

    /// <summary>Encodes words side by side, each of which has room for one id for each byte, and closes the gaps behind them.</summary>
    private void EncodeMissed(ReadOnlySpan<byte> utf8, ReadOnlySpan<Missed> missed, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        var all = ids.Tail(0);
        var (batch, target) = (workspace.Batch, missed[0].At);
        batch.Merge(ranked!);
        for (var i = 0; i < missed.Length; i++)
        {
            ref readonly var word = ref missed[i];
            var own = all.Slice(target, batch.Tokens(i));
            batch.Write(i, own);
            Remember(utf8[word.Start..word.End], word.Key, own, workspace);
            var between = all[(word.At + word.End - word.Start)..(i + 1 < missed.Length ? missed[i + 1].At : all.Length)];
            between.CopyTo(all[(target + own.Length)..]);
            target += own.Length + between.Length;
        }

        ids.Truncate(target);
        batch.Clear();
    }

    private static void Remember(ReadOnlySpan<byte> word, Vector128<byte> key, ReadOnlySpan<int> ids, ByteLevelWorkspace workspace)
    {
        var known = workspace.ShortWords;
        if (word.Length <= ShortWordCache.LongestWord && !known.TryGet(key, known.Place(key), out _))
        {
            known.Add(key, ids);
        }

        if (word.Length > ShortWordCache.LongestWord || ids.Length > ShortWordCache.MostIds)
        {
            workspace.Words.Add(word, ids);
        }
    }

    private int FindWhole(ReadOnlySpan<byte> word) => unreached is null ? vocabulary.Find(word) : unreached.Find(word);

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

    /// <summary>A word that is not remembered: its place in the text, and that of its ids.</summary>
    private readonly record struct Missed(int Start, int End, int At, Vector128<byte> Key);
}
