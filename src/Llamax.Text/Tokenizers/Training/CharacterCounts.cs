namespace Llamax.Text.Tokenizers.Training;

/// <summary>How often each code point stands in a text.</summary>
internal sealed class CharacterCounts
{
    private const int PageSize = 256;

    private readonly long[]?[] pages = new long[]?[0x110000 / PageSize];

    public void Add(int codePoint, long count = 1) => (pages[codePoint / PageSize] ??= new long[PageSize])[codePoint % PageSize] += count;

    public void Add(CharacterCounts other)
    {
        foreach (var (codePoint, count) in other.All())
        {
            Add(codePoint, count);
        }
    }

    /// <summary>The code points that are there, ascending.</summary>
    public IEnumerable<(int CodePoint, long Count)> All()
    {
        for (var page = 0; page < pages.Length; page++)
        {
            for (var i = 0; pages[page] is { } counts && i < PageSize; i++)
            {
                if (counts[i] > 0)
                {
                    yield return ((page * PageSize) + i, counts[i]);
                }
            }
        }
    }
}
