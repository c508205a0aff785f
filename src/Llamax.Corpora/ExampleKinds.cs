namespace Llamax.Corpora;

/// <summary>The kinds of training entries, as they stand in the column <c>kind</c> of a shard.</summary>
public static class ExampleKinds
{
    /// <summary>A block of monolingual text; loss on everything.</summary>
    public const string Monolingual = "mono";

    /// <summary>Source, a space, target; loss on everything.</summary>
    public const string Parallel = "parallel";

    /// <summary>One side of a pair that was split for the ablation; loss on everything.</summary>
    public const string SplitParallel = "split-parallel";

    /// <summary>A source with words from other languages, a space, the unchanged target; loss on the target.</summary>
    public const string CodeSwitched = "code-switched";

    /// <summary>Monolingual text with words from other languages, a space, the text as it was; loss on everything.</summary>
    public const string CodeSwitchedText = "code-switched-mono";

    /// <summary>A pair that a model translated from English, connected; loss on everything.</summary>
    public const string PseudoParallel = "pseudo-parallel";

    /// <summary>Such a pair with words from other languages in its source; loss on the target.</summary>
    public const string PseudoCodeSwitched = "pseudo-code-switched";

    /// <summary>A prompt and its response; loss on the response.</summary>
    public const string Instruction = "instruction";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(ExampleKinds).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
