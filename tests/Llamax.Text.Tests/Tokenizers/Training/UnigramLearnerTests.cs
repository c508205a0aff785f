using System.Text;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Training;

namespace Llamax.Text.Tests.Tokenizers.Training;

public sealed class UnigramLearnerTests
{
    [Theory]
    [InlineData(1, 3, 16, 1_000_000)]
    [InlineData(2, 6, 16, 1_000_000)]
    [InlineData(3, 26, 4, 1_000_000)]
    [InlineData(4, 6, 16, 150)]
    [InlineData(5, 2, 16, 1_000_000)]
    public void Learns_what_the_plain_algorithm_learns(long seed, int letters, int longest, int seedPieces)
    {
        var sentences = Sentences(seed, letters);
        // The rarest character is not in the alphabet, and the alphabet has one that stands nowhere.
        var alphabet = sentences.SelectMany(sentence => sentence).CountBy(character => (int)character)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => (pair.Key, (long)pair.Value)).SkipLast(1).ToList();
        var (size, enough) = (alphabet.Count + 10, (int)((alphabet.Count + 10) * 1.1));
        var options = new UnigramTrainerOptions { VocabularySize = size, MaxPieceLength = longest, SeedPieces = seedPieces };
        var rare = sentences.SelectMany(sentence => sentence).Distinct().Single(character => alphabet.TrueForAll(pair => pair.Key != character));
        alphabet.Add(('€', 1));
        var (sizes, expected) = new SlowUnigramLearner([.. sentences.Select(sentence => sentence.Replace(rare, '▅'))], alphabet, options).Learn(size);

        int[] characters = [0, .. alphabet.Select(pair => pair.Key).Order()];
        var rules = new PieceRules(options, characters);
        var corpus = new UnigramCorpus(Words(sentences), characters, rules);
        var learner = new UnigramLearner(
            corpus, rules, [.. alphabet.Select(pair => Array.IndexOf(characters, pair.Key))], [.. alphabet.Select(pair => pair.Item2)], options, 2);
        var ourSizes = new List<int>();
        learner.Learn(left => ourSizes.Add(left + enough), TestContext.Current.CancellationToken);
        var learnt = learner.Best(size);

        Assert.True(sizes.Count >= 7, "nothing to prune");
        Assert.Equal(sizes.Skip(2).Where((_, step) => step % 2 == 0).Select(count => Math.Max(count, enough)), ourSizes);
        Assert.Equal(expected.Select(piece => piece.Text), learnt.Select(piece => piece.Text));
        Assert.All(expected.Zip(learnt), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));
    }

    [Fact]
    public void Products_that_leave_the_range_of_numbers_are_summed_as_logarithms()
    {
        // One stretch of 4,000 rare letters: its probability is far below what a double holds, and the first tilt far off.
        var text = string.Concat(Enumerable.Repeat("abcdefghijklmnopqrstuvwxyz", 154))[..4000];
        var options = new UnigramTrainerOptions { VocabularySize = 60, MaxPieceLength = 1 };
        int[] characters = [0, .. Enumerable.Range('a', 26), '▁'];
        var rules = new PieceRules(options with { MaxPieceLength = 16 }, characters);
        var corpus = new UnigramCorpus(Words([text]), characters, rules);
        var vocabulary = UnigramSeeds.Find(corpus, rules, [.. Enumerable.Range(1, 26)], [.. Enumerable.Repeat(1L, 26)], 16, 0, 1);
        var expected = new long[vocabulary.Count + 1];
        foreach (var tilt in new[] { 0.0, 3.2, 10.0 })
        {
            vocabulary.UseProbabilities(tilt);
            expected.AsSpan().Clear();
            var logarithm = new UnigramLattice(vocabulary).Expect(corpus.Starts[0], 4000, 1 << 24, tilt, expected);
            Assert.Equal(4000 * Math.Log(1 / 26.0), logarithm, 0.01);
            Assert.Equal(text.Count(character => character == 'a'), expected[0] / (double)(1 << 24), 1e-4);
        }
    }

    [Fact]
    public void Radix_sort_orders_stably_by_any_bits()
    {
        var random = new RandomStream(1, "radix");
        foreach (var shift in new[] { 0, 20, 44, 60 })
        {
            var keys = Enumerable.Range(0, 5000).Select(_ => random.NextUInt64() >> shift << (shift / 3)).ToArray();
            Assert.Equal(Enumerable.Range(0, keys.Length).OrderBy(i => keys[i]), RadixSort.Order(keys));
        }

        float[] values = [3, float.PositiveInfinity, -2, 0, -0.0F, 1e-40F, float.NegativeInfinity, -1e30F, 3];
        Assert.Equal(
            Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]),
            RadixSort.Order([.. values.Select(RadixSort.Descending)]));
    }

    [Fact]
    public void Suffixes_are_sorted_up_to_the_length_asked()
    {
        var corpus = new UnigramCorpus(Words(Sentences(9, 3)), [0, 'a', 'b', 'c', 'd', '▁'], new PieceRules(new UnigramTrainerOptions(), [0, 'a', 'b', 'c', 'd', '▁']));
        foreach (var longest in new[] { 1, 5, 21, 22, 60 })
        {
            string At(int place) => string.Concat(corpus.Symbols[place..].ToArray().TakeWhile(symbol => symbol != 0).Take(longest));
            var places = Enumerable.Range(0, corpus.Symbols.Length).Where(place => corpus.Symbols[place] != 0).ToArray();
            var expected = places.Select(At).Order(StringComparer.Ordinal).ToArray();
            new SuffixSorter(corpus, longest).Sort(places, 0);
            Assert.Equal(expected, places.Select(At));
        }
    }

    /// <summary>Sentences of words that share parts, some with a comma, each word behind a ▁.</summary>
    private static string[] Sentences(long seed, int letters)
    {
        var random = new RandomStream(seed, "sentences");
        string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('a' + random.Next(letters))));
        var parts = Enumerable.Range(0, 30).Select(_ => Letters(1 + random.Next(4))).ToArray();
        var words = Enumerable.Range(0, 60).Select(_ => string.Concat(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => parts[random.Next(1 + random.Next(30))]))).ToArray();
        return
        [
            .. Enumerable.Range(0, 150).Select(_ => string.Concat(
                Enumerable.Range(0, 1 + random.Next(8)).Select(_ => "▁" + words[random.Next(1 + random.Next(60))] + (random.Next(5) == 0 ? "," : "")))),
            "▁" + parts[0] + "#" + parts[1],
        ];
    }

    private static WordTable Words(string[] sentences)
    {
        var words = new WordTable();
        foreach (var sentence in sentences)
        {
            string[] parts = sentence.StartsWith('▁') ? [.. sentence.Split('▁')[1..].Select(word => "▁" + word)] : [sentence];
            for (var i = 0; i < parts.Length; i++)
            {
                words.Add(Encoding.UTF8.GetBytes(i + 1 < parts.Length ? parts[i] : parts[i] + WordCounter.SentenceEnd), 1);
            }
        }

        return words;
    }
}
