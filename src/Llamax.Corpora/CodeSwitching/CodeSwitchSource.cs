namespace Llamax.Corpora.CodeSwitching;

/// <summary>Which text is code-switched. The paper trains with parallel text only.</summary>
public enum CodeSwitchSource
{
    /// <summary>The source of a sentence pair, some of its words replaced; loss on the target.</summary>
    Parallel,

    /// <summary>Monolingual text, every known word replaced, in front of the text as it was; loss on both.</summary>
    Monolingual,

    /// <summary>Both.</summary>
    Both,
}
