namespace Llamax.Corpora.Building;

/// <summary>How a sentence pair becomes entries.</summary>
public enum DataFormat
{
    /// <summary>Source, a space and target are one entry: the paper's connected-parallel.</summary>
    Connected,

    /// <summary>Each side is an entry of its own: the paper's split-parallel (appendix G), for the ablation.</summary>
    Split,
}
