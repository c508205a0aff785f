using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training;

namespace Llamax.Text.Tokenizers;

/// <summary>Trains a unigram model: pieces with log-probabilities, the most probable first.</summary>
/// <param name="options">How to train.</param>
/// <exception cref="LlamaxException">An option is out of its range.</exception>
public sealed class UnigramTrainer(UnigramTrainerOptions options) : TokenizerTrainer(options)
{
    private protected override ModelType Type => ModelType.Unigram;

    private protected override Piece[] Learn(
        WordTable words, CharacterCounts characters, List<int> alphabet, int count, CancellationToken cancellation)
    {
        // Symbols in the order of the code points, U+0000 before them: so is the suffix array of SentencePiece sorted.
        var sorted = new int[alphabet.Count + 1];
        alphabet.CopyTo(sorted, 1);
        Array.Sort(sorted);
        var rules = new PieceRules(options, sorted);
        var corpus = new UnigramCorpus(words, sorted, rules);
        var (symbols, counts) = (new int[alphabet.Count], new long[alphabet.Count]);
        for (var i = 0; i < symbols.Length; i++)
        {
            (symbols[i], counts[i]) = (corpus.SymbolOf(alphabet[i]), characters[alphabet[i]]);
        }

        var learner = new UnigramLearner(corpus, rules, symbols, counts, options, Threads);
        var most = 0;
        learner.Learn(left =>
        {
            most = Math.Max(most, left);
            Progress?.Report(new TrainingProgress(TrainingStage.Learning, most - left, most, 0));
        }, cancellation);
        return learner.Best(count);
    }

    private protected override void DescribeTraining(ProtobufWriter spec)
    {
        spec.Field(14, options.SeedPieces);
        spec.Field(15, (float)options.ShrinkingFactor);
        spec.Field(17, options.SubIterations);
    }
}
