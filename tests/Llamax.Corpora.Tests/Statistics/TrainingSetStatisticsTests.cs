using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Statistics;

namespace Llamax.Corpora.Tests.Statistics;

public sealed class TrainingSetStatisticsTests
{
    private static readonly TrainingSetStatistics Sample = TrainingSetStatistics.Of(new ShardManifest
    {
        Rows = 100,
        Tokens = 1000,
        Groups =
        [
            new("mono", "zh", 10, 100, 90), new("mono", "en", 20, 200, 180),
            new("parallel", "en-zh", 3, 30, 27), new("parallel", "zh-en", 4, 40, 36), new("parallel", "en-fr", 5, 50, 45),
            new("pseudo-parallel", "fr-zh", 6, 60, 54),
            new("code-switched", "zh-en", 7, 70, 30), new("pseudo-code-switched", "zh-fr", 8, 80, 40), new("code-switched-mono", "en", 9, 90, 80),
            new("split-parallel", "fr", 11, 110, 100), new("instruction", "en", 17, 170, 50), new("mono", "xx", 1, 1, 1),
        ],
        Cleaning = [new("unicode", "en", 1), new("unicode", "fr", 3), new("decontaminate", "en", 2, "flores"), new("decontaminate", "en", 5, "bbh")],
        LeftOut = new Dictionary<string, long> { ["too long"] = 3 },
    });

    [Fact]
    public void Languages_stand_by_family_with_every_entry_in_one_column() => Assert.Equal(
        [
            new("en", "English", "Indo-European", 20, 3 + 4 + 5, 2, 0, 7 + 9, 17, 650, 448),
            new("fr", "French", "Indo-European", 0, 5, 2, 6, 8, 11, 300, 239),
            new("zh", "Chinese (Simplified)", "Sino-Tibetan", 10, 3 + 4, 2, 6, 7 + 8, 0, 380, 277),
            new LanguageStatistics("xx", "xx", "", 1, 0, 0, 0, 0, 0, 1, 1),
        ],
        Sample.Languages);

    [Fact]
    public void Instructions_of_no_language_are_no_language()
    {
        var statistics = TrainingSetStatistics.Of(new ShardManifest { Rows = 3, Groups = [new("instruction", "und", 2, 20, 10), new("mono", "en", 1, 10, 9)] });
        Assert.Equal(["en"], statistics.Languages.Select(language => language.Language));
        Assert.Equal((3, 19), (statistics.Entries, statistics.Targets));
        Assert.Equal(["instruction", "mono"], statistics.Kinds.Select(kind => kind.Kind));
    }

    [Fact]
    public void Pairs_have_both_directions_together() => Assert.Equal(
        [new("en", "fr", 5, 0, 0, 0, 50), new("en", "zh", 3, 4, 0, 7, 140), new PairStatistics("fr", "zh", 0, 0, 6, 8, 140)], Sample.Pairs);

    [Fact]
    public void Entries_are_counted_however_many_share_a_row() => Assert.Equal((101, 100), (Sample.Entries, Sample.Rows));

    [Fact]
    public void Kinds_add_up_directions()
    {
        Assert.Contains(new KindStatistics("mono", 31, 301, 271), Sample.Kinds);
        Assert.Equal(Sample.Kinds.OrderBy(kind => kind.Kind, StringComparer.Ordinal), Sample.Kinds);
        Assert.Equal(Sample.Targets, Sample.Kinds.Sum(kind => kind.Targets));
        Assert.Equal(733, Sample.Targets);
    }

    [Fact]
    public void Cleaning_is_summed_up_by_step_and_benchmark() => Assert.Equal(
        [new("decontaminate, bbh", 5, "en 5"), new("decontaminate, flores", 2, "en 2"), new CleaningSummary("unicode", 4, "fr 3, en 1")],
        CleaningSummary.Of(Sample.Cleaning));
}
