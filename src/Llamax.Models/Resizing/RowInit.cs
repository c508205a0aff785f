namespace Llamax.Models.Resizing;

/// <summary>What the row of a new piece starts as.</summary>
public enum RowInit
{
    /// <summary>The mean of all old pieces' rows.</summary>
    Mean,

    /// <summary>The mean of the rows of the old tokens that the new piece stands for.</summary>
    Subwords,

    /// <summary>The same with noise, so that pieces of equal tokens differ.</summary>
    SubwordsWithNoise,

    /// <summary>Zeros.</summary>
    Zeros,
}
