using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training;

namespace Llamax.Text.Tokenizers;

/// <summary>Trains a byte-pair encoding: merges in the order of their making, then characters by frequency.</summary>
/// <param name="options">How to train.</param>
/// <exception cref="LlamaxException">An option is out of its range.</exception>
public sealed class BpeTrainer(BpeTrainerOptions options) : TokenizerTrainer(options)
{
    private protected override ModelType Type => ModelType.Bpe;

    private protected override List<Piece> Learn(
        WordTable words, List<(int Character, long Count)> alphabet, int count, CancellationToken cancellation)
    {
        List<int> characters = [.. alphabet.Select(entry => entry.Character)];
        var rules = new PieceRules(options, characters);
        var corpus = new TrainingCorpus(words, characters, rules);
        var merges = count - corpus.Alphabet.Count;
        var learner = new MergeLearner(corpus, rules);
        var pieces = new List<Piece>(count);
        while (pieces.Count < merges && learner.Next() is { } text)
        {
            cancellation.ThrowIfCancellationRequested();
            pieces.Add(new Piece(text, -pieces.Count, PieceType.Normal));
            if (pieces.Count % 256 == 0)
            {
                Progress?.Report(new TrainingProgress(TrainingStage.Learning, pieces.Count, merges, 0));
            }
        }

        pieces.AddRange(corpus.Alphabet.Select((character, i) =>
            new Piece(char.ConvertFromUtf32(character), -(merges + i), PieceType.Normal)));
        return pieces;
    }
}
