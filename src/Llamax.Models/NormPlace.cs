namespace Llamax.Models;

/// <summary>Where in a layer its norms stand.</summary>
public enum NormPlace
{
    /// <summary>Before each part, the residual stream stays as it is; one more norm follows the last layer.</summary>
    Before,

    /// <summary>One norm before attention and feed-forward part, which read the same states side by side.</summary>
    Parallel,

    /// <summary>After each part's addition to the stream (Vaswani et al., 2017).</summary>
    After,
}
