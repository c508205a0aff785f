using System.Runtime.Intrinsics;
using System.Text;
using CsCheck;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

public sealed class ShortWordCacheTests
{
    [Fact]
    public void A_word_has_its_own_ids_or_none()
    {
        // Words of all lengths over two letters and NUL, at the start, in the middle and at the end of a text.
        var word = Gen.Int[0, 2].Array[1, ShortWordCache.LongestWord].Select(letters => string.Concat(letters.Select(letter => "ab\0"[letter])));
        Gen.Select(word, Gen.Int[0, 20]).Array[1, 3000].Sample(words =>
        {
            var (cache, truth) = (new ShortWordCache(1 << 15), new Dictionary<string, int[]>());
            var found = 0;
            foreach (var (word, after) in words)
            {
                var key = ShortWordCache.Key(Encoding.UTF8.GetBytes("ba" + word + new string('x', after)), 2, word.Length);
                var isThere = cache.TryGet(key, cache.Place(key), out var ids);
                if (truth.TryGetValue(word, out var expected))
                {
                    found += isThere ? 1 : 0;
                    Assert.True(!isThere || Ids(ids).SequenceEqual(expected));
                }
                else
                {
                    Assert.False(isThere);
                    truth[word] = expected = [.. Enumerable.Range(truth.Count, word.Length % 5)];
                }

                if (!isThere)
                {
                    cache.Add(key, expected);
                    Assert.True(cache.TryGet(key, cache.Place(key), out ids));
                    Assert.Equal(expected, Ids(ids));
                }
            }

            Assert.True(words.Length < 100 || found > 0);
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void A_word_with_too_many_ids_is_there_without_them()
    {
        var cache = new ShortWordCache(1 << 14);
        var key = ShortWordCache.Key("word"u8, 0, 4);
        cache.Add(key, [1, 2, 3, 4, 5]);
        Assert.True(cache.TryGet(key, cache.Place(key), out var ids));
        Assert.Empty(Ids(ids));
    }

    [Fact]
    public void Memory_stays_within_the_bound_and_later_words_take_the_place_of_older_ones()
    {
        var cache = new ShortWordCache(1 << 18);
        Fill(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill(int seed)
        {
            Span<byte> word = stackalloc byte[8];
            for (var i = 0; i < 100_000; i++)
            {
                BitConverter.TryWriteBytes(word[4..], i);
                BitConverter.TryWriteBytes(word, seed);
                var key = ShortWordCache.Key(word, 0, word.Length);
                Assert.False(cache.TryGet(key, cache.Place(key), out _));
                cache.Add(key, [i, seed]);
                Assert.True(cache.TryGet(key, cache.Place(key), out var ids));
                Assert.True(ids.ToScalar() == i);
            }
        }
    }

    [Fact]
    public void Words_that_come_again_are_found_after_growth()
    {
        var cache = new ShortWordCache(1 << 20);
        var found = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var word = Encoding.UTF8.GetBytes((i % 4000).ToString());
            var key = ShortWordCache.Key(word, 0, word.Length);
            if (cache.TryGet(key, cache.Place(key), out var ids))
            {
                found++;
                Assert.Equal(i % 4000, ids.ToScalar());
            }
            else
            {
                cache.Add(key, [i % 4000]);
            }
        }

        Assert.InRange(found, 8_000, 16_000); // Some words that share a line take each other's place again and again.
    }

    private static IEnumerable<int> Ids(Vector128<int> ids) => Enumerable.Range(0, Vector128<int>.Count).Select(i => ids.GetElement(i)).TakeWhile(id => id >= 0);
}
