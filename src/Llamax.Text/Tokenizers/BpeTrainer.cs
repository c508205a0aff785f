using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training;

namespace Llamax.Text.Tokenizers;

/// <summary>Trains a byte-pair encoding: merges in the order of their making, then characters by frequency.</summary>
/// <param name="options">How to train.</param>
/// <exception cref="LlamaxException">An option is out of its range.</exception>
public sealed class BpeTrainer(BpeTrainerOptions options) : TokenizerTrainer(options)
{
    private protected override ModelType Type => ModelType.Bpe;

    private protected override Piece[] Learn(
        WordTable words, CharacterCounts characters, List<int> alphabet, int count, CancellationToken cancellation)
    {
        var rules = new PieceRules(options, alphabet);
        var corpus = new TrainingCorpus(words, alphabet, rules);
        var merges = count - corpus.Alphabet.Count;
        var learner = new MergeLearner(corpus, rules);
        var pieces = new Piece[count];
        for (var rank = 0; rank < merges; rank++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (learner.Next() is not { } text)
            {
                return pieces[..(rank + corpus.Alphabet.Count)];
            }

            pieces[rank] = new Piece(text, -rank, PieceType.Normal);
            if (rank % 256 == 0)
            {
                Progress?.Report(new TrainingProgress(TrainingStage.Learning, rank, merges, 0));
            }
        }

        for (var symbol = 0; symbol < corpus.Alphabet.Count; symbol++)
        {
            pieces[merges + symbol] = new Piece(corpus.Text([symbol]), -(merges + symbol), PieceType.Normal);
        }

        return pieces;
    }
}
