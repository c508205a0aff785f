namespace Llamax.Models;

/// <summary>What stands between the two halves of a feed-forward part.</summary>
public enum ActivationKind
{
    /// <summary>silu(gate) · up (Shazeer, 2020).</summary>
    GatedSilu,

    /// <summary>gelu(gate) · up with the approximation by tanh.</summary>
    GatedGeluTanh,

    /// <summary>Gelu by the error function (Hendrycks and Gimpel, 2016).</summary>
    Gelu,

    /// <summary>Gelu approximated by tanh.</summary>
    GeluTanh,

    /// <summary>Negative numbers become zero.</summary>
    Relu,
}
