using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// The tokens that their own bytes do not become, whatever else they become in other texts; they are there only as whole words
/// (<c>ignore_merges</c>). And the merges without those that come about in no text.
/// </summary>
internal sealed class UnreachedTokens
{
    private const int UnreachedBits = 1 << 16;

    private readonly ByteVocabulary vocabulary;
    private readonly ByteVocabulary unreached;
    private readonly int[] unreachedIds;
    private readonly ulong[] unreachedBits = new ulong[UnreachedBits / 64]; // A set by hash: most words need no other look.

    /// <summary>Finds them.</summary>
    /// <param name="vocabulary">The tokens, among them all bytes; no two with the same bytes.</param>
    /// <param name="merges">Which of them merge, those of lower rank first: each to the token that has the bytes of both.</param>
    /// <param name="byteIds">The tokens of the bytes.</param>
    public UnreachedTokens(ByteVocabulary vocabulary, MergeTable merges, int[] byteIds)
    {
        this.vocabulary = vocabulary;
        var pairs = new TokenPairs(merges, vocabulary.Count, byteIds);
        Merges = pairs.Merges;
        unreachedIds = Sort(pairs, byteIds);
        unreached = Part(unreachedIds);
        foreach (var id in unreachedIds)
        {
            var bit = UnreachedBit(vocabulary[id]);
            unreachedBits[bit >> 6] |= 1UL << bit;
        }
    }

    /// <summary>The merges that come about in some text.</summary>
    public MergeTable Merges { get; }

    /// <summary>The token that a word is, if it is one that its own bytes do not become; otherwise -1.</summary>
    /// <param name="word">Not empty.</param>
    public int Find(ReadOnlySpan<byte> word)
    {
        var bit = UnreachedBit(word);
        return (unreachedBits[bit >> 6] >> bit & 1) != 0 && unreached.Find(word) is >= 0 and var place ? unreachedIds[place] : -1;
    }

    private static int UnreachedBit(ReadOnlySpan<byte> word)
    {
        var some = (uint)(word[0] | word[word.Length / 2] << 8 | word[^1] << 16 | word.Length << 24);
        return (int)(some * 0x9E3779B1 >> 16);
    }

    private int[] Sort(TokenPairs pairs, int[] byteIds)
    {
        var (engine, workspace) = (new MergeEngine(Merges), new MergeWorkspace());
        var symbols = new int[vocabulary.LongestToken];
        var found = new List<int>();
        for (var id = 0; id < vocabulary.Count; id++)
        {
            var bytes = vocabulary[id];
            if (!pairs.IsKnown(id) && !bytes.IsEmpty && vocabulary.Find(bytes) == id)
            {
                for (var i = 0; i < bytes.Length; i++)
                {
                    symbols[i] = byteIds[bytes[i]];
                }

                if (engine.Merge(symbols.AsSpan(0, bytes.Length), workspace) > 1)
                {
                    found.Add(id);
                }
            }
        }

        return [.. found];
    }

    private ByteVocabulary Part(int[] ids)
    {
        var starts = new int[ids.Length + 1];
        var bytes = new ByteBuffer();
        for (var i = 0; i < ids.Length; i++)
        {
            bytes.Append(vocabulary[ids[i]]);
            starts[i + 1] = bytes.Length;
        }

        return new ByteVocabulary(bytes.Written.ToArray(), starts);
    }
}
