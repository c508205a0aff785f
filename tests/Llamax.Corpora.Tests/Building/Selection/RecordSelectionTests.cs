using CsCheck;
using Llamax.Corpora.Building.Selection;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Building.Selection;

public sealed class RecordSelectionTests
{
    /// <summary>The reference holds everything in memory and asks of each record whether an earlier one equals it.</summary>
    [Fact]
    public void Of_equal_records_the_first_enters_and_of_many_those_with_the_lowest_hashes() =>
        Gen.Select(Gen.Int[0, 60].Array[0, 40].Array[1, 4], Gen.Int[0, 30], Gen.Int[1, 3]).Sample((units, maximum, groups) =>
        {
            using var temporary = new TemporaryFolder();
            var files = units.Select((unit, number) => Write(temporary.File($"{number}"), unit, groups)).ToList();
            string[] names = [.. Enumerable.Range(0, groups).Select(group => $"g{group}")];
            var selection = new RecordSelection(
                KeyMerge.Read(files, temporary.File("scratch"), mostOpen: 3), [.. units.Select(unit => ((long)unit.Length, (IReadOnlyList<string>)names))], _ => maximum,
                dropsEqual: _ => true, isNear: null, TestContext.Current.CancellationToken);

            var records = units.SelectMany((unit, number) => unit.Select((hash, index) => (Hash: Hash(hash, index % groups), Group: index % groups, Unit: number, Index: index))).ToList();
            var distinct = records.DistinctBy(record => record.Hash).ToList();
            var expected = distinct.GroupBy(record => record.Group).SelectMany(group => group.OrderBy(record => record.Hash).Take(maximum)).Select(record => (record.Unit, record.Index)).ToHashSet();
            foreach (var record in records)
            {
                Assert.Equal(expected.Contains((record.Unit, record.Index)), selection.Of(record.Unit).Contains(record.Index));
            }

            for (var group = 0; group < groups; group++)
            {
                var count = selection.Groups[names[group]];
                Assert.Equal(distinct.Count(record => record.Group == group), count.Distinct);
                Assert.Equal(records.Count(record => record.Group == group) - count.Distinct, count.Duplicates);
                Assert.Equal(expected.Count(place => records.First(record => (record.Unit, record.Index) == place).Group == group), count.Kept);
            }
        }, iter: 60, threads: 1);

    [Fact]
    public void A_file_that_is_cut_off_is_no_end()
    {
        using var temporary = new TemporaryFolder();
        var files = Write(temporary.File("0"), [.. Enumerable.Range(0, 500)], 1, 500);
        var whole = File.ReadAllBytes(files[0]);
        Assert.Equal(24 * 500, whole.Length);
        File.WriteAllBytes(files[0], whole[..^7]);
        Assert.Contains("cut off", Assert.Throws<LlamaxException>(() => KeyMerge.Read([files], temporary.File("scratch")).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashes_tell_languages_seeds_and_boundaries_apart()
    {
        var hash = new ContentHash(1);
        UInt128[] all =
        [
            hash.Of("de-en"u8, "ab"u8, "c"u8), hash.Of("de-en"u8, "a"u8, "bc"u8), hash.Of("de-fr"u8, "ab"u8, "c"u8), hash.Of("de"u8, "abc"u8, ""u8),
            new ContentHash(2).Of("de-en"u8, "ab"u8, "c"u8),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], hash.Of("de-en"u8, "ab"u8, "c"u8));
    }

    private static UInt128 Hash(int value, int group) => new((ulong)(value * 7919 % 61), (ulong)group);

    private static List<string> Write(string folder, int[] hashes, int groups, int keysInMemory = 7)
    {
        Directory.CreateDirectory(folder);
        using var runs = new KeyRuns(folder, keysInMemory);
        for (var i = 0; i < hashes.Length; i++)
        {
            runs.Add(new RecordKey(Hash(hashes[i], i % groups), i));
        }

        runs.Complete();
        return [.. KeyRuns.Files(folder)];
    }
}
