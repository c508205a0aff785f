namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>A language of a lexicon.</summary>
/// <param name="Code">The language's code.</param>
/// <param name="FirstRecord">Where its words begin.</param>
/// <param name="EndOfRecords">Where they end.</param>
/// <param name="FirstSlot">Where its part of the index begins.</param>
/// <param name="Slots">Slots that a hash may lead to; words that find theirs taken come up to <paramref name="LongestProbe"/> slots later.</param>
/// <param name="Words">How many words it has that have a translation.</param>
/// <param name="LongestProbe">How far from its slot a word may stand.</param>
internal sealed record LexiconLanguage(string Code, long FirstRecord, long EndOfRecords, long FirstSlot, long Slots, long Words, int LongestProbe)
{
    /// <summary>Where its part of the index ends.</summary>
    public long EndOfSlots => FirstSlot + ((Slots + LongestProbe) * sizeof(ulong));
}
