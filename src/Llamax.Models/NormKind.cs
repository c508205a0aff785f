namespace Llamax.Models;

/// <summary>How hidden states are normed.</summary>
public enum NormKind
{
    /// <summary>By their root mean square (Zhang and Sennrich, 2019).</summary>
    RootMeanSquare,

    /// <summary>By mean and variance (Ba et al., 2016).</summary>
    Layer,
}
