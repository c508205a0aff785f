using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Models;

/// <summary>The best path to a place in a word.</summary>
internal readonly record struct ViterbiStep(double Score, int Start, int Id)
{
    public static readonly ViterbiStep Unreached = new(0, -1, 0);
}

/// <summary>
/// The segmentation with the highest sum of scores, in double precision and keeping the first of equals, as Hugging
/// Face's library computes it; SentencePiece rounds to single precision, and so cuts otherwise here and there.
/// </summary>
internal sealed class UnigramModel : WordModel
{
    // The library's penalty for a character without a token, below the lowest score.
    private const double UnknownPenalty = 10;

    private readonly double[] scores;
    private readonly ByteTrie trie;
    private readonly double unknownScore;
    private readonly int unknownId;
    private readonly int[]? byteTokens;

    /// <summary>Prepares the model.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="unknownId">The unknown token; null where there is none.</param>
    /// <param name="byteFallback">Whether byte tokens stand for what has no token.</param>
    public UnigramModel(ByteVocabulary vocabulary, double[] scores, int? unknownId, bool byteFallback)
        : base(vocabulary)
    {
        (this.scores, this.unknownId, UnknownId) = (scores, unknownId ?? -1, unknownId);
        unknownScore = (scores.Length > 0 ? scores.Min() : double.PositiveInfinity) - UnknownPenalty;
        byteTokens = byteFallback ? ByteTokens() : null;
        trie = new ByteTrie([.. Enumerable.Range(0, vocabulary.Count).Where(id => vocabulary[id].Length > 0)], id => vocabulary[id]);
    }

    /// <inheritdoc/>
    public override int? UnknownId { get; }

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<byte> piece, TokenBuffer ids, EncodingWorkspace workspace)
    {
        if (workspace.Words.TryGet(piece, ids))
        {
            return;
        }

        var start = ids.Count;
        FindPath(piece, ids, workspace);
        workspace.Words.Add(piece, ids.Written[start..]);
    }

    private void FindPath(ReadOnlySpan<byte> text, TokenBuffer ids, EncodingWorkspace workspace)
    {
        var best = workspace.Nodes(text.Length + 1);
        for (var start = 0; start < text.Length;)
        {
            var character = Utf8.CharacterLength(text[start]);
            var before = best[start].Score;
            var characterIsToken = false;
            var node = ByteTrie.Root;
            for (var end = start; end < text.Length && trie.Step(ref node, text[end], out var id);)
            {
                end++;
                if (id >= 0)
                {
                    Reach(ref best[end], scores[id] + before, start, id);
                    characterIsToken |= end - start == character;
                }
            }

            if (!characterIsToken)
            {
                Reach(ref best[start + character], unknownScore + before, start, unknownId);
            }

            start += character;
        }

        // The path from the end; then forwards, with unknown parts that touch each other as one.
        var path = workspace.Symbols(text.Length);
        var first = path.Length;
        for (var end = text.Length; end > 0; end = best[end].Start)
        {
            path[--first] = end;
        }

        var at = 0;
        for (var i = first; i < path.Length; i++)
        {
            var id = best[path[i]].Id;
            while (id == unknownId && i + 1 < path.Length && best[path[i + 1]].Id == unknownId)
            {
                i++;
            }

            if (id == unknownId)
            {
                AddUnknown(text[at..path[i]], ids);
            }
            else
            {
                ids.Add(id);
            }

            at = path[i];
        }
    }

    private void AddUnknown(ReadOnlySpan<byte> text, TokenBuffer ids)
    {
        var id = Vocabulary.Find(text);
        if (id >= 0)
        {
            ids.Add(id);
        }
        else if (byteTokens is null || !TryAddBytes(text, byteTokens, ids))
        {
            ids.Add(UnknownId ?? throw new LlamaxException(
                $"The tokenizer cannot express '{System.Text.Encoding.UTF8.GetString(text)}': its vocabulary lacks a character of it, and names no unk_id."));
        }
    }

    private static void Reach(ref ViterbiStep node, double score, int start, int id)
    {
        if (node.Start < 0 || score > node.Score)
        {
            node = new ViterbiStep(score, start, id);
        }
    }
}
