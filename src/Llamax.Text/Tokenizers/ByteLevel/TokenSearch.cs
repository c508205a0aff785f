using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// Encodes words without merging: looks for the row of tokens that makes up the word and of which every two neighbours may
/// be such. There is exactly one, the one that merging gives. At each place the longest token is tried first.
/// </summary>
internal sealed class TokenSearch
{
    // Of a made-up vocabulary a word may need very many tries; after so many for each byte it is merged after all.
    private const int TriesPerByte = 4;

    private readonly ByteVocabulary vocabulary;
    private readonly TokenPairs pairs;
    private readonly ByteTrie tokens;
    private readonly int[] shorter; // By token: the next shorter one that it starts with, or -1.
    private readonly ByteVocabulary unreached;
    private readonly int[] unreachedIds;

    /// <summary>Prepares the search.</summary>
    /// <param name="vocabulary">The tokens, among them all bytes; no two with the same bytes.</param>
    /// <param name="merges">Which of them merge, those of lower rank first: each to the token that has the bytes of both.</param>
    /// <param name="byteIds">The tokens of the bytes.</param>
    public TokenSearch(ByteVocabulary vocabulary, MergeTable merges, int[] byteIds)
    {
        this.vocabulary = vocabulary;
        pairs = new TokenPairs(merges, vocabulary.Count, byteIds);
        var reached = Sort(byteIds, out unreachedIds);
        unreached = Part(unreachedIds);
        tokens = new ByteTrie(reached, id => vocabulary[id]);
        shorter = new int[vocabulary.Count];
        foreach (var id in reached)
        {
            var (node, length) = (ByteTrie.Root, vocabulary[id].Length);
            shorter[id] = -1;
            for (var i = 0; i + 1 < length && tokens.Step(ref node, vocabulary[id][i], out var token); i++)
            {
                shorter[id] = token >= 0 ? token : shorter[id];
            }
        }
    }

    /// <summary>The longest word that is looked for.</summary>
    public static int LongestWord => 127;

    /// <summary>The merges that come about in some text.</summary>
    public MergeTable Merges => pairs.Merges;

    /// <summary>The token that a word is, if it is one that its own bytes do not become; otherwise -1.</summary>
    public int FindUnreached(ReadOnlySpan<byte> word) => unreached.Find(word) is >= 0 and var place ? unreachedIds[place] : -1;

    /// <summary>Appends the ids of a word.</summary>
    /// <param name="word">Not empty, and not longer than <see cref="LongestWord"/>.</param>
    /// <param name="ids">Receives the ids at its end, if they are found.</param>
    /// <returns>False where the word must be merged.</returns>
    public bool TryEncode(ReadOnlySpan<byte> word, TokenBuffer ids)
    {
        var before = ids.Count;
        var row = ids.Grow(word.Length);
        var dead = new PlaceSet(); // Where tokens start that no row goes on with.
        var shortened = new PlaceSet(); // Where a token starts that is not the longest one.
        var (count, at, last) = (0, 0, 0); // Tokens in the row, where it ends, and where its last one starts.
        var token = Longest(word, out var length);
        for (var tries = TriesPerByte * word.Length; tries > 0 && (pairs.IsKnown(token) || length == word.Length); tries--)
        {
            if (!dead.Has(at + length) && (count == 0 || pairs.MayBeNeighbours(row[count - 1], token, !shortened.Has(last))))
            {
                row[count++] = token;
                (last, at) = (at, at + length);
                if (at == word.Length)
                {
                    ids.Truncate(before + count);
                    return true;
                }

                token = Longest(word[at..], out length);
                shortened.Remove(at);
                continue;
            }

            while ((token = shorter[token]) < 0 && count > 0)
            {
                dead.Add(at);
                token = row[--count];
                (at, last) = (last, count > 0 ? last - vocabulary[row[count - 1]].Length : 0);
            }

            if (token < 0)
            {
                break;
            }

            shortened.Add(at);
            length = vocabulary[token].Length;
        }

        ids.Truncate(before);
        return false;
    }

    private int Longest(ReadOnlySpan<byte> text, out int length)
    {
        // Every byte is a token, so there is one.
        var (longest, node) = (-1, ByteTrie.Root);
        length = 0;
        for (var i = 0; i < text.Length && tokens.Step(ref node, text[i], out var token); i++)
        {
            if (token >= 0)
            {
                (longest, length) = (token, i + 1);
            }
        }

        return longest;
    }

    /// <summary>Tells the tokens that their own bytes become from the others, which no merging gives.</summary>
    private int[] Sort(int[] byteIds, out int[] others)
    {
        var (engine, workspace) = (new MergeEngine(Merges), new MergeWorkspace());
        var symbols = new int[vocabulary.LongestToken];
        var reached = new int[vocabulary.Count];
        var (count, rest) = (0, new List<int>());
        for (var id = 0; id < vocabulary.Count; id++)
        {
            var bytes = vocabulary[id];
            if (pairs.IsKnown(id))
            {
                reached[count++] = id;
            }
            else if (!bytes.IsEmpty && vocabulary.Find(bytes) == id)
            {
                for (var i = 0; i < bytes.Length; i++)
                {
                    symbols[i] = byteIds[bytes[i]];
                }

                if (engine.Merge(symbols.AsSpan(0, bytes.Length), workspace) == 1)
                {
                    reached[count++] = id;
                }
                else
                {
                    rest.Add(id);
                }
            }
        }

        others = [.. rest];
        return reached[..count];
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
