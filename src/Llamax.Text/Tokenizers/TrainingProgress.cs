namespace Llamax.Text.Tokenizers;

/// <summary>How far the training of a tokenizer is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">How much of it is done: sentences read, merges made, or pieces still to be taken away.</param>
/// <param name="Total">How much there is; 0 where that is not known.</param>
/// <param name="TooLong">Sentences left out for their length.</param>
public readonly record struct TrainingProgress(TrainingStage Stage, long Done, long Total, long TooLong);
