using System.Text;
using Llamax.Corpora.Cleaning;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Tests.Cleaning;

public sealed class NearDuplicateTests
{
    private static readonly NearDuplicateOptions Defaults = new() { Enabled = true };

    /// <summary>
    /// Pairs of texts of every degree of likeness; the reference cuts words with string functions and compares sets. How
    /// many meet in a band must follow 1 − (1 − J^rows)^bands.
    /// </summary>
    [Theory]
    [InlineData(14, 8, 5)]
    [InlineData(20, 5, 3)]
    public void Texts_meet_as_often_as_their_likeness_says(int bands, int rows, int span)
    {
        var random = new RandomStream(7, "near");
        var options = Defaults with { Bands = bands, Rows = rows, Span = span };
        var (expected, variance, met) = (new double[10], new double[10], new double[10]);
        for (var trial = 0; trial < 2500; trial++)
        {
            var words = Enumerable.Range(0, 60 + random.Next(200)).Select(_ => $"w{random.Next(5000)}").ToArray();
            var changed = words.ToArray();
            for (var edits = random.Next(2 * words.Length / span / 2); edits > 0; edits--)
            {
                changed[random.Next(words.Length)] = $"x{random.Next(5000)}";
            }

            var likeness = Likeness(words, changed, span);
            var probability = 1 - Math.Pow(1 - Math.Pow(likeness, rows), bands);
            var bin = Math.Min(9, (int)(10 * likeness));
            var near = new NearDuplicates(options, trial); // Another seed, other hash functions.
            expected[bin] += probability;
            variance[bin] += probability * (1 - probability);
            met[bin] += Meet(near, string.Join(' ', words), string.Join("  ", changed).ToUpperInvariant() + '.') ? 1 : 0;
        }

        for (var bin = 0; bin < 10; bin++)
        {
            Assert.InRange(met[bin], expected[bin] - (4 * Math.Sqrt(variance[bin])) - 1, expected[bin] + (4 * Math.Sqrt(variance[bin])) + 1);
        }
    }

    [Theory]
    [InlineData("de", "en", false)] // Languages.
    [InlineData("de", "de", true)]
    public void Near_duplicates_are_of_one_language(string language, string other, bool meet)
    {
        var near = new NearDuplicates(Defaults, 1);
        var text = string.Join(' ', Enumerable.Range(0, 50));
        var (ones, others) = (new UInt128[near.Bands], new UInt128[near.Bands]);
        Assert.True(near.TryBands(Encoding.UTF8.GetBytes(language), Encoding.UTF8.GetBytes(text), [], ones));
        Assert.True(near.TryBands(Encoding.UTF8.GetBytes(other), Encoding.UTF8.GetBytes(text), [], others));
        Assert.Equal(meet, ones.Intersect(others).Any());
    }

    [Fact]
    public void Numbers_tell_texts_apart()
    {
        var near = new NearDuplicates(Defaults, 1);
        string Table(int from) => string.Join(' ', Enumerable.Range(from, 60).Select(i => $"row {i}"));
        Assert.True(Meet(near, Table(0), Table(1)));
        Assert.False(Meet(near, Table(0), Table(100)));
    }

    [Fact]
    public void Scripts_without_spaces_are_cut_into_characters()
    {
        var near = new NearDuplicates(Defaults, 1);
        var text = string.Concat(Enumerable.Range(0, 150).Select(i => (char)(0x4E00 + (i * 37 % 3000))));
        Assert.True(Meet(near, text, text + "，再来两个"));
        Assert.True(Meet(near, text, text.Insert(75, "多")));
        Assert.False(Meet(near, text, new string([.. text.Reverse()])));
        var thai = string.Concat(Enumerable.Range(0, 300).Select(i => (char)(0x0E01 + (i * 17 % 40))));
        Assert.True(Meet(near, thai, thai.Insert(100, "ก")));
    }

    [Fact]
    public void Texts_shorter_than_a_span_have_no_signature()
    {
        var near = new NearDuplicates(Defaults, 1);
        var bands = new UInt128[near.Bands];
        Assert.False(near.TryBands("en"u8, "one two three four"u8, [], bands));
        Assert.True(near.TryBands("en"u8, "one two three four five"u8, [], bands));
        Assert.False(near.TryBands("en-fr"u8, "one two three four five"u8, "un deux trois"u8, bands)); // Nor pairs of which one side is.
        Assert.False(near.TryBands("zh"u8, Encoding.UTF8.GetBytes("九个字还不够长的"), [], bands));
    }

    [Fact]
    public void Pairs_are_near_when_both_sides_are()
    {
        var near = new NearDuplicates(Defaults, 1);
        string Text(string word) => string.Join(' ', Enumerable.Range(0, 60).Select(i => word + i));
        var (pair, same, other, turned) = (Bands(Text("a"), Text("b")), Bands(Text("a") + " more", Text("b") + " mehr"), Bands(Text("a"), Text("c")), Bands(Text("b"), Text("a")));
        Assert.NotEmpty(pair.Intersect(same));
        Assert.Empty(pair.Intersect(other));
        Assert.Empty(pair.Intersect(turned));

        UInt128[] Bands(string first, string second)
        {
            var bands = new UInt128[near.Bands];
            Assert.True(near.TryBands("de-en"u8, Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second), bands));
            return bands;
        }
    }

    /// <summary>
    /// Pairs of which one side is equal and the other's likeness varies: how many meet must follow the likeness of both, J1 · J2,
    /// as texts' follow J².
    /// </summary>
    [Theory]
    [InlineData(14, 8)]
    [InlineData(14, 7)]
    [InlineData(5, 1)]
    public void Pairs_meet_as_often_as_the_likeness_of_both_sides_says(int bands, int rows)
    {
        var random = new RandomStream(8, "near");
        var options = Defaults with { Bands = bands, Rows = rows, Span = 1 };
        var (expected, variance, met) = (new double[10], new double[10], new double[10]);
        for (var trial = 0; trial < 600; trial++)
        {
            var same = Enumerable.Range(0, 100).Select(i => $"s{trial}x{i}").ToArray();
            var words = Enumerable.Range(0, 20 + random.Next(40)).Select(i => $"w{i}").ToArray();
            var changed = words.ToArray();
            for (var edits = random.Next(words.Length); edits > 0; edits--)
            {
                changed[random.Next(words.Length)] = $"x{edits}";
            }

            var likeness = Likeness(words, changed, 1);
            var probability = 1.0;
            for (var band = 0; band < bands; band++)
            {
                var ofOther = rows == 1 ? 1 : (rows + (band & 1)) / 2; // Of an odd number of rows the sides have the larger part in turn.
                probability *= 1 - Math.Pow(likeness, ofOther);
            }

            var bin = Math.Min(9, (int)(10 * likeness));
            var near = new NearDuplicates(options, trial);
            var (ones, others) = (new UInt128[bands], new UInt128[bands]);
            Assert.True(near.TryBands("de-en"u8, Encoding.UTF8.GetBytes(string.Join(' ', same)), Encoding.UTF8.GetBytes(string.Join(' ', words)), ones));
            Assert.True(near.TryBands("de-en"u8, Encoding.UTF8.GetBytes(string.Join(' ', same)), Encoding.UTF8.GetBytes(string.Join(' ', changed)), others));
            expected[bin] += 1 - probability;
            variance[bin] += probability * (1 - probability);
            met[bin] += ones.Zip(others).Any(pair => pair.First == pair.Second) ? 1 : 0;
        }

        for (var bin = 0; bin < 10; bin++)
        {
            Assert.InRange(met[bin], expected[bin] - (4 * Math.Sqrt(variance[bin])) - 1, expected[bin] + (4 * Math.Sqrt(variance[bin])) + 1);
        }
    }

    [Theory]
    [InlineData(100, 20, 8)]
    [InlineData(60, 10, 8)]
    [InlineData(100, 20, 1)]
    public void An_equal_side_makes_no_near_duplicates_of_others_that_have_nothing_in_common(int equal, int other, int rows)
    {
        var near = new NearDuplicates(Defaults with { Rows = rows }, 1);
        var (seen, met) = (new HashSet<UInt128>(), 0);
        var same = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, equal).Select(i => $"s{i}")));
        var bands = new UInt128[near.Bands];
        for (var pair = 0; pair < 500; pair++)
        {
            var own = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, other).Select(i => $"p{pair}w{i}")));
            Assert.True(pair % 2 == 0 ? near.TryBands("de-en"u8, same, own, bands) : near.TryBands("de-en"u8, own, same, bands));
            met += bands.Any(seen.Contains) ? 1 : 0;
            seen.UnionWith(bands);
        }

        Assert.Equal(0, met);
    }

    [Fact]
    public void A_seed_always_gives_the_same_signatures()
    {
        var (ones, same, other) = (new UInt128[14], new UInt128[14], new UInt128[14]);
        new NearDuplicates(Defaults, 1).TryBands("en"u8, "one two three four five six"u8, [], ones);
        new NearDuplicates(Defaults, 1).TryBands("en"u8, "one two three four five six"u8, [], same);
        new NearDuplicates(Defaults, 2).TryBands("en"u8, "one two three four five six"u8, [], other);
        Assert.Equal(ones, same);
        Assert.Empty(ones.Intersect(other));
        Assert.Equal(14, ones.Distinct().Count());
    }

    private static double Likeness(string[] one, string[] other, int span)
    {
        var (ones, others) = (Spans(one, span), Spans(other, span));
        return (double)ones.Intersect(others).Count() / ones.Union(others).Count();
    }

    private static HashSet<string> Spans(string[] words, int span) =>
        [.. Enumerable.Range(0, words.Length - span + 1).Select(from => string.Join(' ', words[from..(from + span)]))];

    private static bool Meet(NearDuplicates near, string one, string other)
    {
        var (ones, others) = (new UInt128[near.Bands], new UInt128[near.Bands]);
        Assert.True(near.TryBands("en"u8, Encoding.UTF8.GetBytes(one), [], ones));
        Assert.True(near.TryBands("en"u8, Encoding.UTF8.GetBytes(other), [], others));
        return ones.Zip(others).Any(pair => pair.First == pair.Second);
    }
}
