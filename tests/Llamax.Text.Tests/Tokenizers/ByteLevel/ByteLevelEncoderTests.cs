using System.Text;
using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

/// <summary>The encoder beside a slow, obvious one, and what it promises of time and memory.</summary>
public sealed class ByteLevelEncoderTests
{
    private static readonly Lazy<ByteLevelTokenizer> Llama3 = new(() => TiktokenFile.Load(Shared.Path("data", "tokenizers", "llama3_tokenizer.model")));

    [Fact]
    public void Ids_are_those_of_the_obvious_algorithm()
    {
        string[] parts = ["a", "b", "ab", "aa", " ", " a", "é", "中", "aab", "1"];
        var part = Gen.Int[0, parts.Length - 1].Select(i => parts[i]);
        var tokens = part.Array[1, 3].Select(string.Concat).Array[0, 30];
        Gen.Select(tokens, part.Array[0, 40].Select(string.Concat), Gen.Int[1, 12]).Sample((more, once, times) =>
        {
            var text = string.Concat(Enumerable.Repeat(once, times)); // Also words longer than the engine merges as a whole.
            var ranks = Ranks(more);
            var tokenizer = TiktokenFile.Parse(File(ranks), "ranks", TiktokenEncoding.Llama3);
            var expected = SplitPatternTests.Cut(new RegexPattern(SplitPattern.Llama3Regex), text).SelectMany(word => Obvious(word, ranks));
            Assert.Equal(expected, tokenizer.Encode(text));
            Assert.Equal(expected, tokenizer.Encode(text)); // Now from the cache.
        }, iter: 400);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Words_are_cut_as_merging_cuts_them(bool byLength)
    {
        // Over two letters the longest token is often the wrong one, at many places at once. By length most tokens come about
        // as a trainer would have it, in any order many do not.
        var word = Gen.Int[0, 1].Select(letter => "ab"[letter]).Array[1, 150].Select(string.Concat);
        Gen.Select(Gen.Int[0, 1].Select(letter => "ab"[letter]).Array[2, 8].Select(string.Concat).Array[0, 50], word.Array[1, 8]).Sample((more, words) =>
        {
            var ranks = Ranks(byLength ? more.OrderBy(token => token.Length) : more);
            var tokenizer = TiktokenFile.Parse(File(ranks), "ranks", TiktokenEncoding.Llama3);
            foreach (var word in words)
            {
                Assert.Equal(Obvious(word, ranks), tokenizer.Encode(word));
            }
        }, iter: 400);
    }

    [Fact]
    public void Bytes_without_a_token_give_no_id_and_whole_words_go_first_only_where_asked()
    {
        var vocabulary = new ByteVocabulary("abcabcab"u8.ToArray(), [0, 1, 2, 3, 6, 8]);
        var merges = new Text.Tokenizers.Bpe.MergeTable([new(0, 1, 0, 4)]);
        foreach (var wholeWordsFirst in new[] { false, true })
        {
            var tokenizer = new ByteLevelTokenizer(new ByteLevelDefinition
            {
                Vocabulary = vocabulary,
                Merges = merges,
                Pattern = SplitPattern.Gpt2,
                WholeWordsFirst = wholeWordsFirst,
                UserDefined = new Dictionary<string, int> { ["abcabc"] = 3 },
            });
            Assert.Equal(wholeWordsFirst ? [3] : [4, 2], tokenizer.Encode("abc"));
            Assert.Equal([4, 4, 3], tokenizer.Encode("axbabxabcabc", SpecialTokens.Text)); // Of x nothing is left, and its neighbours merge.
            Assert.Equal("abcabc", tokenizer.IdToPiece(3));
        }
    }

    [Fact]
    public void A_warm_tokenizer_allocates_nothing()
    {
        var tokenizer = Llama3.Value;
        var lines = Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 10);
        var utf8 = lines.Select(Encoding.UTF8.GetBytes).ToArray();
        var ids = new int[10_000];
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var line in utf8)
            {
                Assert.True(tokenizer.TryEncode(line, ids, out _));
            }

            foreach (var line in lines)
            {
                tokenizer.TryEncode(line, ids, out _, SpecialTokens.Text);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(i < 2 || allocated == 0, $"{allocated} bytes");
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("中")]
    [InlineData("我们的很多东西都在这里面没有空格也没有标点符号")]
    [InlineData("\uFFFD")]
    public void Ten_megabytes_without_spaces_come_back_whole(string part)
    {
        var tokenizer = Llama3.Value;
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, 10_000_000 / Encoding.UTF8.GetByteCount(part))));
        var ids = new int[text.Length];
        Assert.True(tokenizer.TryEncode(text, ids, out var count));
        Assert.Equal(text, Encoding.UTF8.GetBytes(tokenizer.Decode(ids.AsSpan(0, count))));
    }

    private static Dictionary<string, int> Ranks(IEnumerable<string> more)
    {
        var ranks = new Dictionary<string, int>();
        foreach (var token in Enumerable.Range(0, 256).Select(value => ((char)value).ToString()).Concat(more.Select(Latin)))
        {
            ranks.TryAdd(token, ranks.Count);
        }

        return ranks;
    }

    // Bytes as characters of Latin-1, so that strings can be cut and joined.
    private static string Latin(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] File(Dictionary<string, int> ranks) =>
        Encoding.ASCII.GetBytes(string.Join('\n', ranks.Select(token => $"{Convert.ToBase64String(Encoding.Latin1.GetBytes(token.Key))} {token.Value}")));

    private static IEnumerable<int> Obvious(string word, Dictionary<string, int> ranks)
    {
        if (ranks.TryGetValue(Latin(word), out var whole))
        {
            return [whole];
        }

        var parts = Latin(word).Select(value => value.ToString()).ToList();
        while (true)
        {
            var (best, lowest) = (-1, int.MaxValue);
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                if (ranks.TryGetValue(parts[i] + parts[i + 1], out var rank) && rank < lowest)
                {
                    (best, lowest) = (i, rank);
                }
            }

            if (best < 0)
            {
                return parts.Select(part => ranks[part]);
            }

            parts[best] += parts[best + 1];
            parts.RemoveAt(best + 1);
        }
    }
}
