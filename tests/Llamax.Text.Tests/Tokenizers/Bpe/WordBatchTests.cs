using System.Numerics;
using CsCheck;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

/// <summary>Words merged side by side beside the obvious algorithm.</summary>
public sealed class WordBatchTests
{
    private static readonly int[] ByteIds = [.. Enumerable.Range(0, 256)];

    // Over few bytes, the first and the last one among them, whatever two tokens there are merge.
    private static readonly Gen<int> Letter = Gen.Int[0, 2].Select(letter => letter < 2 ? letter : 255);

    // What few characters consist of, of one to three bytes, and which of these bytes may stand alone.
    private static readonly byte[][] Characters = [[.. " "u8], [.. "a"u8], [.. "é"u8], [.. "ш"u8], [.. "म"u8], [.. "ह"u8], [.. "ி"u8], [0xA4], [0xE0]];
    private static readonly int[] CharacterBytes = [.. Characters.SelectMany(character => character).Distinct().Select(value => (int)value)];
    private static readonly Gen<int[]> Text = Gen.Int[0, Characters.Length - 1].Array[1, 10]
        .Select(places => places.SelectMany(place => Characters[place]).Select(value => (int)value).ToArray());

    private static readonly Gen<int[]> Word = Letter.Array[1, 32];

    [Fact]
    public void Words_become_what_the_obvious_algorithm_makes_of_them()
    {
        var (merged, early) = (0, 0);
        Sample([0, 1, 255], Word, (table, word, ids) =>
        {
            merged += word.Length - ids.Length;
            early += Early(table, word);
        });
        Assert.True(merged > 10_000 && early > 1_000);
    }

    [Fact]
    public void Words_of_characters_that_begin_whole_become_the_same()
    {
        var (merged, whole, parts, early) = (0, 0, 0, 0);
        Sample(CharacterBytes, Text, (table, word, ids) =>
        {
            merged += word.Length - ids.Length;
            early += Early(table, word);
            for (var at = 0; at < word.Length; at++)
            {
                var isSure = table.Starts!.Find(word.Select(value => (byte)value).ToArray(), at, out var length) > 0;
                whole += isSure && (length == 3 || word[at] < 0xE0) ? 1 : 0;
                parts += isSure && length == 2 && word[at] >= 0xE0 ? 1 : 0;
            }
        });
        Assert.True(merged > 5_000 && whole > 100 && parts > 100 && early > 100);
    }

    [Fact]
    public void Words_become_the_same_where_a_token_merges_at_a_rank_below_its_own()
    {
        // Ranks of tokens in any order: each way to put one together from two others is a merge.
        var (sure, hurried, early) = (0, 0, 0);
        Gen.Select(Gen.Select(Text, Gen.Int[0, 8], Gen.Int[2, 6]).Array[10, 60], Text.Where(text => text.Length <= 32).Array[1, WordBatch.Room]).Sample((parts, words) =>
        {
            var tokens = CharacterBytes.Select(value => (Id: value, Bytes: Latin([value])))
                .Concat(parts.Select(part => Latin([.. part.Item1.Skip(part.Item2).Take(part.Item3)])).Where(text => text.Length > 1).Distinct().Select((text, i) => (Id: 256 + i, Bytes: text)))
                .ToDictionary(token => token.Bytes, token => token.Id);
            Merge[] merges = [.. tokens.Where(token => token.Value >= 256).OrderBy(token => token.Value).SelectMany(token => Enumerable.Range(1, token.Key.Length - 1)
                .Where(cut => tokens.ContainsKey(token.Key[..cut]) && tokens.ContainsKey(token.Key[cut..]))
                .Select(cut => new Merge(tokens[token.Key[..cut]], tokens[token.Key[cut..]], token.Value - 256, token.Value)))];
            hurried += merges.Count(merge => Math.Max(merge.Left, merge.Right) > merge.Result);
            var (table, batch) = (RankedMerges.TryCreate(new MergeTable(merges), ByteIds, 1000)!, new WordBatch());
            foreach (var word in words)
            {
                byte[] bytes = [.. word.Select(value => (byte)value)];
                sure += table.Starts is { } starts ? Enumerable.Range(0, bytes.Length).Count(at => starts.Find(bytes, at, out _) > 0) : 0;
                early += Early(table, word);
                Assert.True(batch.Add(bytes, table));
            }

            batch.Merge(table);
            for (var i = 0; i < words.Length; i++)
            {
                var ids = new int[batch.Tokens(i)];
                batch.Write(i, ids);
                Assert.Equal(MergeEngineTests.Obvious(words[i], merges), ids);
            }
        }, iter: 1000, threads: 1);
        Assert.True(sure > 1000 && hurried > 1000 && early > 1000);

        static string Latin(int[] bytes) => string.Concat(bytes.Select(value => (char)value));
    }

    [Fact]
    public void Words_of_more_symbols_than_there_is_room_for_leave_no_trace()
    {
        var merges = Merges([(0, 1), (2, 3)], [0xC3, 0xA9, 0xD1, 0x88]);
        var (table, batch) = (RankedMerges.TryCreate(new MergeTable(merges), ByteIds, 300)!, new WordBatch());
        Assert.False(batch.Add([.. Enumerable.Repeat((byte)'a', 31), .. "éшéш"u8], table));
        Assert.True(batch.Add("ab"u8, table));
        batch.Merge(table);
        var ids = new int[batch.Tokens(0)];
        batch.Write(0, ids);
        Assert.Equal([(int)'a', 'b'], ids);
    }

    [Fact]
    public void Ids_that_do_not_rise_with_the_ranks_are_left_to_others()
    {
        Assert.NotNull(Table(new(0, 1, 0, 256), new(1, 2, 1, 257)));
        Assert.NotNull(Table(new(0, 1, 0, 256), new(1, 2, 0, 256)));
        Assert.Null(Table(new(0, 1, 0, 257), new(1, 2, 1, 256)));
        Assert.Null(Table(new(0, 1, 0, 256), new(1, 2, 1, 256)));
        Assert.Null(Table(new(0, 1, 0, 256), new(1, 2, 0, 257)));
        Assert.Null(Table(new Merge(0, 1, 0, 7)));
    }

    [Fact]
    public void Pairs_chosen_to_collide_are_left_to_others_before_long()
    {
        // All of them belong into the first of 256 buckets.
        var merges = new List<Merge>();
        for (var pair = 0; merges.Count < 1000; pair++)
        {
            if (RankedMerges.Hash(RankedMerges.Key(pair / 1000 + 1, pair % 1000 + 1)) >> 56 == 0)
            {
                merges.Add(new Merge(pair / 1000, pair % 1000, merges.Count, 1_000_000 + merges.Count));
            }
        }

        Assert.Null(RankedMerges.TryCreate(new MergeTable([.. merges]), ByteIds, 1_001_000));
    }

    /// <summary>How many pairs of bytes merge before all others.</summary>
    private static int Early(RankedMerges table, int[] word)
    {
        var (symbols, results) = (new int[WordBatch.Room], new int[WordBatch.Room]);
        Assert.True(WordStart.Write([.. word.Select(value => (byte)value)], table, ref symbols[0], ref results[0], 32, out var early, out _) > 0);
        return BitOperations.PopCount(early);
    }

    private static void Sample(int[] letters, Gen<int[]> word, Action<RankedMerges, int[], int[]> seen) =>
        Gen.Select(Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[0, 60], word.Array[1, WordBatch.Room].Array[1, 3]).Sample((pairs, batches) =>
        {
            var merges = Merges(pairs, letters);
            var (table, batch) = (RankedMerges.TryCreate(new MergeTable(merges), ByteIds, 1000)!, new WordBatch());
            foreach (var words in batches)
            {
                batch.Clear();
                foreach (var word in words)
                {
                    Assert.True(batch.Add(word.Select(value => (byte)value).ToArray(), table));
                }

                batch.Merge(table);
                for (var i = 0; i < words.Length; i++)
                {
                    var ids = new int[batch.Tokens(i)];
                    batch.Write(i, ids);
                    Assert.Equal(MergeEngineTests.Obvious(words[i], merges), ids);
                    seen(table, words[i], ids);
                }
            }
        }, iter: 500, threads: 1);

    private static RankedMerges? Table(params Merge[] merges) => RankedMerges.TryCreate(new MergeTable(merges), ByteIds, 300);

    private static Merge[] Merges((int Left, int Right)[] pairs, int[] letters)
    {
        List<int> tokens = [.. letters];
        var merges = new List<Merge>();
        foreach (var (left, right) in pairs.Select(pair => (tokens[pair.Left % tokens.Count], tokens[pair.Right % tokens.Count])))
        {
            if (!merges.Exists(merge => (merge.Left, merge.Right) == (left, right)))
            {
                merges.Add(new Merge(left, right, merges.Count, 256 + merges.Count));
                tokens.Add(merges[^1].Result);
            }
        }

        return [.. merges];
    }
}
