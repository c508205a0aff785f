namespace Llamax.Corpora.Readers;

/// <summary>What becomes of a line that is not UTF-8.</summary>
public enum InvalidUtf8
{
    /// <summary>Reading ends with an error that names file and line.</summary>
    Fail,

    /// <summary>The line is left out.</summary>
    Skip,

    /// <summary>What is no character becomes U+FFFD.</summary>
    Replace,
}
