namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>What a character is in a text that is cut into units of comparison: words, or characters where there are no spaces.</summary>
internal enum CharacterKind
{
    /// <summary>Ends a word and is nothing itself.</summary>
    Separator,

    /// <summary>Is as if it were not there.</summary>
    Ignored,

    /// <summary>Part of a word.</summary>
    Letter,

    /// <summary>Belongs to the character before it.</summary>
    Mark,

    /// <summary>A character of a script without spaces, worth half a word.</summary>
    Half,

    /// <summary>Worth a third of a word.</summary>
    Third,

    /// <summary>Worth a quarter of a word.</summary>
    Quarter,

    /// <summary>Stands for several characters: a Hangul syllable, a ligature.</summary>
    Several,
}
