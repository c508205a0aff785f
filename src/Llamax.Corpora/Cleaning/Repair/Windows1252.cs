namespace Llamax.Corpora.Cleaning.Repair;

/// <summary>Windows-1252, which differs from Latin-1 in the bytes 80 to 9F. Its five bytes without a character are Latin-1's, as browsers read them.</summary>
internal static class Windows1252
{
    private const string Table = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>The character of a byte from 80 to 9F; itself where there is none.</summary>
    public static char Character(int highByte) => Table[highByte - 0x80];

    /// <summary>The byte of a character, or -1. Latin-1's control characters count as their bytes too.</summary>
    public static int Byte(int codePoint) => codePoint < 0x100 ? codePoint
        : codePoint <= 0x2122 && Table.IndexOf((char)codePoint) is >= 0 and var index ? 0x80 + index : -1;
}
