namespace Llamax.Models.Branches;

/// <summary>Which branches translate: those of the languages or those of all (Lego-MT's flows).</summary>
public enum BranchFlow
{
    /// <summary>A language's own branch where it is there, otherwise the multilingual one.</summary>
    Auto,

    /// <summary>The multilingual encoder and decoder.</summary>
    Mix,

    /// <summary>The source language's encoder and the multilingual decoder.</summary>
    Enc,

    /// <summary>The multilingual encoder and the target language's decoder.</summary>
    Dec,

    /// <summary>The source language's encoder and the target language's decoder.</summary>
    Both,
}
