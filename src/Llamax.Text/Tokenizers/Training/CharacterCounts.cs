namespace Llamax.Text.Tokenizers.Training;

/// <summary>How often each code point stands in a text.</summary>
internal sealed class CharacterCounts
{
    private const int PageSize = 256;

    private readonly long[]?[] pages = new long[]?[0x110000 / PageSize];

    public void Add(int codePoint, long count = 1) => (pages[codePoint / PageSize] ??= new long[PageSize])[codePoint % PageSize] += count;

    public void Add(CharacterCounts other)
    {
        foreach (var codePoint in other.CodePoints())
        {
            Add(codePoint, other[codePoint]);
        }
    }

    /// <summary>How often a code point stands in the text.</summary>
    public long this[int codePoint] => pages[codePoint / PageSize] is { } counts ? counts[codePoint % PageSize] : 0;

    /// <summary>The code points that are there, ascending.</summary>
    public List<int> CodePoints()
    {
        var found = new List<int>();
        for (var page = 0; page < pages.Length; page++)
        {
            for (var i = 0; pages[page] is { } counts && i < PageSize; i++)
            {
                if (counts[i] > 0)
                {
                    found.Add((page * PageSize) + i);
                }
            }
        }

        return found;
    }
}
