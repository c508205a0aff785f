namespace Llamax.Evaluation.Analysis.Fertility;

/// <summary>What a text's tokens are divided by.</summary>
public enum FertilityDefinition
{
    /// <summary>As the LLaMAX paper's section 3.1 has it: space-separated words, but characters for Chinese and Japanese.</summary>
    Paper,

    /// <summary>As the paper's released program computes it, and its Table 1 with it: space-separated words for every language.</summary>
    AsReleased,
}
