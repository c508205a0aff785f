using System.Text;
using CsCheck;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

public sealed class WordCacheTests
{
    [Fact]
    public void A_word_has_its_own_ids_or_none()
    {
        // Words of all lengths over two letters: many differ in one place.
        var words = Gen.OneOf(Gen.Int[0, 1].Array[0, 9], Gen.Int[0, 1].Array[0, 40]).Select(string.Concat).Array[1, 2000];
        words.Sample(words =>
        {
            var (cache, truth) = (new WordCache(1 << 16), new Dictionary<string, int[]>());
            foreach (var word in words)
            {
                var utf8 = Encoding.UTF8.GetBytes(word);
                var ids = new TokenBuffer();
                ids.Add(-7);
                var found = cache.TryGet(utf8, ids);
                if (truth.TryGetValue(word, out var expected))
                {
                    Assert.Equal(found ? [-7, .. expected] : [-7], ids.Written.ToArray());
                }
                else
                {
                    Assert.False(found);
                    truth[word] = [.. Enumerable.Range(truth.Count, word.Length % 5)];
                }

                if (!found)
                {
                    cache.Add(utf8, truth[word]);
                    Assert.True(cache.TryGet(utf8, ids));
                    Assert.Equal([-7, .. truth[word]], ids.Written.ToArray());
                }
            }
        }, iter: 30);
    }

    [Fact]
    public void Memory_stays_within_the_bound_whatever_comes()
    {
        var (cache, ids) = (new WordCache(1 << 20), new TokenBuffer());
        Fill(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill(int seed)
        {
            Span<byte> word = stackalloc byte[12];
            for (var i = 0; i < 200_000; i++)
            {
                BitConverter.TryWriteBytes(word[4..], i);
                BitConverter.TryWriteBytes(word, seed);
                ids.Truncate(0);
                if (!cache.TryGet(word, ids))
                {
                    cache.Add(word, [i, seed]);
                }
            }
        }
    }

    [Fact]
    public void Words_that_came_lately_are_found()
    {
        var (cache, ids) = (new WordCache(1 << 18), new TokenBuffer());
        var found = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var word = Encoding.UTF8.GetBytes((i * 7919L % 1000).ToString());
            ids.Truncate(0);
            if (cache.TryGet(word, ids))
            {
                found++;
            }
            else
            {
                cache.Add(word, [i]);
            }
        }

        Assert.InRange(found, 950_000, 999_000);
    }

    [Fact]
    public void Too_long_words_are_passed_over()
    {
        var (cache, ids) = (new WordCache(1 << 14), new TokenBuffer());
        cache.Add(new byte[WordCache.LongestWord + 1], [1]);
        Assert.False(cache.TryGet(new byte[WordCache.LongestWord + 1], ids));
    }
}
