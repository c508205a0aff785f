using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>Byte-pair encoding of words over the 256 bytes. Thread-safe with a workspace for each call.</summary>
internal sealed class ByteLevelEncoder
{
    private readonly ByteVocabulary vocabulary;
    private readonly MergeEngine merges;
    private readonly bool wholeWordsFirst;
    private readonly int[] byteIds = new int[256];
    private readonly bool hasAllBytes;

    /// <summary>Prepares the encoder.</summary>
    /// <param name="vocabulary">The tokens. A byte that is no token of its own gives no id, as in Hugging Face's library.</param>
    /// <param name="merges">Which tokens merge.</param>
    /// <param name="wholeWordsFirst">Whether a word that is a token is that token, whatever merging would make of it (<c>ignore_merges</c>).</param>
    public ByteLevelEncoder(ByteVocabulary vocabulary, MergeTable merges, bool wholeWordsFirst)
    {
        (this.vocabulary, this.wholeWordsFirst) = (vocabulary, wholeWordsFirst);
        this.merges = new MergeEngine(merges);
        for (var value = 0; value < 256; value++)
        {
            byteIds[value] = vocabulary.Find([(byte)value]);
        }

        hasAllBytes = !byteIds.Contains(-1);
    }

    /// <summary>Appends the ids of one word.</summary>
    public void Encode(ReadOnlySpan<byte> word, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        if (word.Length == 1)
        {
            if (byteIds[word[0]] >= 0)
            {
                ids.Add(byteIds[word[0]]);
            }

            return;
        }

        if (workspace.Words.TryGet(word, ids))
        {
            return;
        }

        var start = ids.Count;
        var whole = wholeWordsFirst ? vocabulary.Find(word) : -1;
        if (whole >= 0)
        {
            ids.Add(whole);
        }
        else
        {
            Merge(word, ids, workspace);
        }

        workspace.Words.Add(word, ids.Written[start..]);
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
