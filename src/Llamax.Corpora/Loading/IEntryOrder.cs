namespace Llamax.Corpora.Loading;

/// <summary>The order of an epoch: which entry stands at which place. Any place is found without those before it.</summary>
internal interface IEntryOrder
{
    /// <summary>The entry, as a row of the training set, at a place from 0 to the number of entries, exclusive.</summary>
    long this[long place] { get; }
}
