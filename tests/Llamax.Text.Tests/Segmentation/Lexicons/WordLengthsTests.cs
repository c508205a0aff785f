using CsCheck;
using Llamax.Text.Segmentation;
using Llamax.Text.Segmentation.Lexicons;

namespace Llamax.Text.Tests.Segmentation.Lexicons;

public sealed class WordLengthsTests
{
    [Theory]
    [InlineData('ก', 3, 60)]
    [InlineData('ก', 40, 300)]
    [InlineData('漢', 900, 1500)]
    [InlineData('漢', 2000, 4000)] // More characters than are laid out in an array.
    [InlineData('a', 2, 40)]
    [InlineData('\0', 3, 40)]
    public void Finds_how_long_the_words_are_that_begin_at_each_place(char first, int letters, int words)
    {
        var letter = Gen.Int[0, letters - 1].Select(i => (char)(first + i));
        var word = Gen.OneOf(letter.Array[1, 3], letter.Array[1, 9], letter.Array[60, 70], Gen.Const(first).Array[1, 80], letter.Array[510, 512]).Select(chars => new string(chars));
        Gen.Select(word.Array[0, words], letter.Array[0, 200].Select(chars => new string(chars)), Gen.Int[0, 200]).Sample(
            (lexicon, tail, skipped) =>
            {
                var text = new string(first, skipped) + string.Concat(lexicon.Take(6)) + tail;
                var (finder, set) = (new WordLengths(WordTrie.Of(lexicon)), lexicon.ToHashSet());
                using var clusters = new ClusterMap(text);
                var found = new ulong[WordLengths.Places];
                var place = Math.Min(skipped, text.Length);
                finder.Find(text.AsSpan(place), clusters, place, found);
                for (var i = 0; i < found.Length; i++)
                {
                    var isStart = place + i < text.Length && (clusters.WordStarts(place + i) & 1) != 0;
                    var expected = Enumerable.Range(1, isStart ? Math.Min(text.Length - place - i, 512) : 0).Where(length => set.Contains(text.Substring(place + i, length)))
                        .Aggregate(0UL, (bits, length) => bits | (1UL << Math.Min(length - 1, WordLengths.Long)));
                    var isLong = found[i] >> WordLengths.Long != 0;
                    Assert.True(isLong || found[i] == expected);
                    Assert.True(isLong || expected >> WordLengths.Long == 0);
                    Assert.True(!isLong || letters > 1000 || MayBeLong(lexicon, text.AsSpan(place + i)));
                }
            },
            iter: 30);
    }

    /// <summary>Longer words may be said to be there, where one of them begins as the text does.</summary>
    private static bool MayBeLong(string[] lexicon, ReadOnlySpan<char> text)
    {
        foreach (var word in lexicon)
        {
            if (word.Length > WordLengths.Long && text.StartsWith(word.AsSpan(0, WordLengths.Long)))
            {
                return true;
            }
        }

        return false;
    }
}
