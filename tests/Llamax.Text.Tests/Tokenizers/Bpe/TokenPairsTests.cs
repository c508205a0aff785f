using CsCheck;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

/// <summary>What is said of tokens beside what merging their text gives.</summary>
public sealed class TokenPairsTests
{
    private const int Letters = 3;

    // Tokens over few letters. In their order by length most come about as a trainer would have it; in any other order some
    // do not, and some are what no text becomes.
    private static readonly Gen<string[]> Tokens =
        Gen.Select(Gen.Int[0, Letters - 1].Array[2, 7].Select(string.Concat).Array[0, 60], Gen.Bool)
            .Select((tokens, byLength) => byLength ? [.. tokens.OrderBy(token => token.Length)] : tokens);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_known_token_is_what_its_text_becomes(bool oneRankForEachToken)
    {
        var known = 0;
        Tokens.Sample(tokens =>
        {
            var (texts, merges) = Vocabulary(tokens, oneRankForEachToken);
            var pairs = new TokenPairs(new MergeTable(merges), texts.Count, [0, 1, 2]);
            for (var token = Letters; token < texts.Count; token++)
            {
                if (pairs.IsKnown(token))
                {
                    known++;
                    Assert.Equal([token], MergeEngineTests.Obvious(Leaves(texts[token]), merges));
                }
            }
        }, iter: 150, threads: 1);
        Assert.True(known > 1_000);
    }

    [Fact]
    public void Idle_merges_change_nothing()
    {
        var idle = 0;
        Gen.Select(Tokens, Gen.Int[0, Letters - 1].Array[0, 60]).Sample((tokens, text) =>
        {
            var (texts, merges) = Vocabulary(tokens, oneRankForEachToken: true);
            var kept = new TokenPairs(new MergeTable(merges), texts.Count, [0, 1, 2]).Merges.All.ToArray();
            idle += merges.Length - kept.Length;
            Assert.Equal(MergeEngineTests.Obvious(text, merges), MergeEngineTests.Obvious(text, kept));
        }, iter: 500, threads: 1);
        Assert.True(idle > 50);
    }

    private static (List<string> Texts, Merge[] Merges) Vocabulary(string[] tokens, bool oneRankForEachToken)
    {
        List<string> texts = [.. Enumerable.Range(0, Letters).Select(letter => letter.ToString()).Concat(tokens).Distinct()];
        var merges = new List<Merge>();
        for (var id = Letters; id < texts.Count; id++)
        {
            for (var cut = 1; cut < texts[id].Length; cut++)
            {
                var (left, right) = (texts.IndexOf(texts[id][..cut]), texts.IndexOf(texts[id][cut..]));
                if (left >= 0 && right >= 0)
                {
                    merges.Add(new Merge(left, right, oneRankForEachToken ? id : merges.Count, id));
                }
            }
        }

        return (texts, [.. merges]);
    }

    private static IEnumerable<int> Leaves(string text) => text.Select(letter => letter - '0');
}
