namespace Llamax.Text.Segmentation.Jieba;

/// <summary>The places that a character has in a word, in alphabetical order: of equal paths the later state is taken.</summary>
internal static class JiebaStates
{
    /// <summary>Begins a word of several characters.</summary>
    public const int Begin = 0;

    /// <summary>Ends one.</summary>
    public const int End = 1;

    /// <summary>Stands in the middle of one.</summary>
    public const int Middle = 2;

    /// <summary>Is a word by itself.</summary>
    public const int Alone = 3;

    /// <summary>How many states there are.</summary>
    public const int Count = 4;

    /// <summary>The letters by which files name the states.</summary>
    public const string Letters = "BEMS";
}
