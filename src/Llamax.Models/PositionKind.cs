namespace Llamax.Models;

/// <summary>How a model knows the order of tokens.</summary>
public enum PositionKind
{
    /// <summary>Queries and keys are rotated (Su et al., 2021), the two halves of a head against each other.</summary>
    Rotary,

    /// <summary>The same with neighbouring numbers against each other.</summary>
    RotaryInterleaved,

    /// <summary>A learned row per position is added to the embeddings.</summary>
    Learned,

    /// <summary>A computed row of sines and cosines per position is added to the embeddings (Vaswani et al., 2017).</summary>
    Sinusoidal,

    /// <summary>The distance of key and query adds to the scores (Raffel et al., 2020).</summary>
    Distance,
}
