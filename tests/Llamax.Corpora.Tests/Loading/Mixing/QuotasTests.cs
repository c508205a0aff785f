using CsCheck;
using Llamax.Corpora.Loading.Mixing;
using Llamax.Corpora.Shards;

namespace Llamax.Corpora.Tests.Loading.Mixing;

public sealed class QuotasTests
{
    private static readonly ShardGroup[] Groups =
    [
        new("mono", "en", 9000, 0, 0), new("mono", "sw", 1000, 0, 0),
        new("parallel", "en-fr", 800, 0, 0), new("parallel", "en-sw", 100, 0, 0), new("parallel", "fr-en", 100, 0, 0),
    ];

    [Fact]
    public void Without_settings_each_group_keeps_its_entries() => Assert.Equal([9000, 1000, 800, 100, 100], Of(new MixingOptions()));

    [Fact]
    public void Temperature_flattens_within_a_kind() =>
        Assert.Equal([7500, 2500, 586, 207, 207], Of(new MixingOptions { Temperature = 2 })); // 10,000 · 3 : 1, and 1,000 · √8 : 1 : 1.

    [Theory]
    [InlineData("parallel", 10.0, new long[] { 4950, 550, 4400, 550, 550 })] // The kinds are 10 : 10.
    [InlineData("en-fr", 0.25, new long[] { 9000, 1000, 500, 250, 250 })] // 200 : 100 : 100 of 1,000.
    [InlineData("sw", 9.0, new long[] { 5000, 5000, 444, 500, 56 })] // 800 : 900 : 100.
    [InlineData("mono", 0.0, new long[] { 0, 0, 8800, 1100, 1100 })]
    [InlineData("en", 0.0, new long[] { 0, 11000, 0, 0, 0 })]
    public void Weights_are_factors(string key, double weight, long[] expected) =>
        Assert.Equal(expected, Of(new MixingOptions { Weights = new Dictionary<string, double> { [key] = weight } }));

    [Fact]
    public void The_sum_is_exact_and_each_share_is_what_the_formula_says() => Gen.Select(Gen.Long[1, 2_000_000_000].Array[1, 40], Gen.Double[1, 8]).Sample(
        (rows, temperature) =>
        {
            var quotas = Quotas.Of([.. rows.Select((count, i) => new ShardGroup("mono", $"l{i}", count, 0, 0))], new MixingOptions { Temperature = temperature });

            Assert.Equal(rows.Sum(), quotas.Sum());
            var sum = rows.Sum(count => Math.Pow(count, 1 / temperature));
            for (var i = 0; i < rows.Length; i++)
            {
                var share = Math.Pow(rows[i], 1 / temperature) / sum;
                Assert.InRange((quotas[i] - (share * rows.Sum())) / rows.Sum(), -1e-6 - (1.0 / rows.Sum()), 1e-6 + (1.0 / rows.Sum()));
            }
        }, iter: 200);

    /// <summary>Weights whose shares need no rounding leave none, also where a group has more entries than a float counts.</summary>
    [Fact]
    public void Large_groups_keep_their_shares()
    {
        ShardGroup[] groups = [new("mono", "en", 2_000_000_001, 0, 0), new("mono", "fr", 123_456_789, 0, 0), new("parallel", "en-fr", 1_234_567_891, 0, 0)];
        Assert.Equal(groups.Select(group => group.Rows), Quotas.Of(groups, new MixingOptions()));
        Assert.Equal(groups.Select(group => group.Rows), Quotas.Of(groups, new MixingOptions { Weights = new Dictionary<string, double> { ["mono"] = 1e9, ["parallel"] = 1e9 } }));
    }

    [Theory]
    [InlineData("en", 1e39, "the weight of 'en' is 1E+39; it must be a number from 0 to 1,000,000,000.")]
    [InlineData("paralel", 2.0, "'paralel' is neither a kind (mono, parallel) nor a language")]
    [InlineData("de", 2.0, "'de' is neither")]
    [InlineData("en", -1.0, "the weight of 'en' is -1")]
    [InlineData("en", double.NaN, "the weight of 'en' is NaN")]
    public void A_weight_that_means_nothing_is_named(string key, double weight, string message) => Assert.Contains(
        message,
        Assert.Throws<LlamaxException>(() => Of(new MixingOptions { Weights = new Dictionary<string, double> { [key] = weight } })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Weights_that_leave_nothing_are_refused() => Assert.Contains(
        "leave nothing",
        Assert.Throws<LlamaxException>(() => Of(new MixingOptions { Weights = new Dictionary<string, double> { ["mono"] = 0, ["parallel"] = 0 } })).Message,
        StringComparison.Ordinal);

    private static long[] Of(MixingOptions options) => Quotas.Of(Groups, options);
}
