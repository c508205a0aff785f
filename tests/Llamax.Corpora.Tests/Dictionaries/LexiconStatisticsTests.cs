using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Dictionaries;

public sealed class LexiconStatisticsTests
{
    /// <summary>The totals of real dictionaries, MUSE and PanLex, beside those of plain dictionaries.</summary>
    [Fact]
    public void Real_dictionaries_have_as_many_entities_as_counted_plainly()
    {
        var archive = Shared.Path("data", "dictionaries", "cosda_muse_panlex.tar.gz");
        var (words, pairs) = (new Dictionary<string, HashSet<string>>(), new Dictionary<(string, string), HashSet<(string, string)>>());
        using var builder = new LexiconBuilder();
        foreach (var (code, name) in new[] { ("sv", "sw2"), ("tr", "tr2"), ("zh", "zh2") })
        {
            var path = $"{archive}!cosda_muse_panlex/{name}.txt";
            builder.AddFiles($"en-{code}", [path]);
            foreach (var line in LineReader.Read(TextFile.FindOne(path)))
            {
                var parts = line.Contains('\t', StringComparison.Ordinal) ? line.Trim().Split('\t', StringSplitOptions.TrimEntries)
                    : line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                if (parts is [{ Length: > 0 } english, { Length: > 0 } other])
                {
                    Put("en", english, code, other);
                    Put(code, other, "en", english);
                }
            }
        }

        using var lexicon = builder.Build(1);
        var statistics = LexiconStatistics.Of(lexicon, TestContext.Current.CancellationToken);
        Assert.Equal(6, statistics.Pairs.Count);
        Assert.All(statistics.Pairs, pair => Assert.Equal(
            (pairs[(pair.From, pair.To)].Count, pairs[(pair.From, pair.To)].Select(entry => entry.Item2).Distinct().Count(), pairs[(pair.From, pair.To)].Select(entry => entry.Item1).Distinct().Count()),
            ((int)pair.Entries, (int)pair.Entities, (int)pair.Words)));
        Assert.All(statistics.Languages, language => Assert.Equal(words[language.Language].Count, language.Entities));
        Assert.Equal(lexicon.Entries, statistics.Pairs.Sum(pair => pair.Entries));

        void Put(string from, string word, string to, string translation)
        {
            words.TryAdd(to, []);
            words[to].Add(translation);
            pairs.TryAdd((from, to), []);
            pairs[(from, to)].Add((LowerCase.For(from).Of(word), translation));
        }
    }

    [Fact]
    public void Counting_takes_a_fraction_of_the_file()
    {
        using var temporary = new TemporaryFolder();
        using (var builder = new LexiconBuilder())
        {
            builder.Add("en", "fr", Enumerable.Range(0, 20_000).Select(i => ($"word{i}", $"Mot{i % 12_000}")));
            builder.Add("en", "de", Enumerable.Range(0, 20_000).Select(i => ($"word{i}", $"wort{i}")));
            builder.Add("de", "fr", Enumerable.Range(0, 20_000).Select(i => ($"wort{i}", $"mot{i}")));
            builder.Write(temporary.File("x.lexicon"), TestContext.Current.CancellationToken);
        }

        using var lexicon = MultilingualLexicon.Open(temporary.File("x.lexicon"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var statistics = LexiconStatistics.Of(lexicon, TestContext.Current.CancellationToken);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, new FileInfo(temporary.File("x.lexicon")).Length / 2);
        Assert.Equal(["de 20000", "en 20000", "fr 32000"], statistics.Languages.Select(language => $"{language.Language} {language.Entities}"));
        Assert.Equal(["de-en 20000", "de-fr 20000", "en-de 20000", "en-fr 12000", "fr-de 20000", "fr-en 20000"], statistics.Pairs.Select(pair => $"{pair.From}-{pair.To} {pair.Entities}"));
    }

    [Fact]
    public void Coverage_counts_running_and_different_words()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("t.txt"), "หมากินขนมปัง หมา\n\n");
        using var builder = new LexiconBuilder();
        builder.Add("en", "th", [("dog", "หมา"), ("bread", "ขนมปัง")]);
        using var lexicon = builder.Build(1);
        Assert.Equal(
            new LexiconCoverage("th", 4, 3, 3, 2),
            LexiconCoverage.Measure(lexicon, "tha_Thai", TextFile.FindOne(temporary.File("t.txt")), TestContext.Current.CancellationToken));
        Assert.Equal(0, LexiconCoverage.Measure(lexicon, "fr", TextFile.FindOne(temporary.File("t.txt")), TestContext.Current.CancellationToken).RunningKnown);
    }
}
