using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training;

namespace Llamax.Text.Tokenizers;

/// <summary>Trains a unigram model: pieces with log-probabilities, the most probable first.</summary>
/// <param name="options">How to train.</param>
/// <exception cref="LlamaxException">An option is out of its range.</exception>
public sealed class UnigramTrainer(UnigramTrainerOptions options) : TokenizerTrainer(options)
{
    private readonly UnigramTrainerOptions settings = options;

    private protected override ModelType Type => ModelType.Unigram;

    private protected override List<Piece> Learn(
        TrainingCorpus corpus, WordTable words, PieceRules rules, long[] characterCounts, int count, CancellationToken cancellation)
    {
        var learner = new UnigramLearner(corpus, words, rules, characterCounts, settings, Threads);
        var most = 0;
        var learnt = learner.Learn(count, settings.VocabularySize, left =>
        {
            most = Math.Max(most, left);
            Progress?.Report(new TrainingProgress(TrainingStage.Learning, most - left, most, 0));
        }, cancellation);
        return [.. learnt.Select(piece => new Piece(piece.Text, piece.Score, PieceType.Normal))];
    }

    private protected override void DescribeTraining(ProtobufWriter spec)
    {
        spec.Field(14, settings.SeedPieces);
        spec.Field(15, (float)settings.ShrinkingFactor);
        spec.Field(17, settings.SubIterations);
    }
}
