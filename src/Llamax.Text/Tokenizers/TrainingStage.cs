namespace Llamax.Text.Tokenizers;

/// <summary>The parts of a tokenizer's training.</summary>
public enum TrainingStage
{
    /// <summary>Sentences are read and their words counted.</summary>
    Reading,

    /// <summary>Pieces are learnt.</summary>
    Learning,
}
