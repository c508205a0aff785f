using CsCheck;
using Llamax.Corpora.Packed;

namespace Llamax.Corpora.Tests.Packed;

public sealed class EntryPackerTests
{
    private static readonly Gen<TrainingExample> Entries = Gen.Select(Gen.Int[2, 40], Gen.Int[0, 39], Gen.Int[0, 2], (length, from, group) =>
        new TrainingExample([.. Enumerable.Range(length, length)], from % length, group == 0 ? "mono" : "parallel", group == 1 ? "en-fr" : "en"));

    [Fact]
    public void Every_entry_is_in_one_row_as_it_was_beside_its_own_kind_only() => Gen.Select(Entries.Array[0, 200], Gen.Int[2, 64], Gen.Int[1, 2000]).Sample(
        (entries, length, window) =>
        {
            var rows = Pack(entries, length, window);

            Assert.Equal(entries.Select(Line).Order(StringComparer.Ordinal), rows.SelectMany(Unpack).Select(Line).Order(StringComparer.Ordinal));
            Assert.All(rows, row => Assert.True(row.InputIds.Length <= length || row.Starts.Length == 1));
            Assert.Equal(rows.Select(Row), Pack(entries, length, window).Select(Row));
        }, iter: 200);

    [Fact]
    public void Rows_are_filled_by_best_fit_longest_first()
    {
        TrainingExample Of(int length) => new([.. Enumerable.Repeat(length, length)], 0, "mono", "en");

        var rows = Pack([Of(3), Of(6), Of(2), Of(8), Of(4), Of(7), Of(12)], 10, 1000);

        // 12 alone; 8 + 2, 7 + 3, 6 + 4, in the order of what came first.
        Assert.Equal(["3 7", "6 4", "2 8", "12"], rows.Select(row => string.Join(' ', row.Starts.Select(start => row.InputIds[start]))));
    }

    [Fact]
    public void Sentence_pairs_leave_little_of_a_row_empty()
    {
        var entries = Enumerable.Range(0, 20_000).Select(i => new TrainingExample(new int[20 + (i * 7919 % 181)], 0, "parallel", "en-fr"));

        var rows = Pack(entries, 512, EntryPacker.DefaultWindow);

        Assert.InRange(rows.Sum(row => row.InputIds.Length) / (512.0 * rows.Count), 0.99, 1);
    }

    [Fact]
    public void A_window_is_all_that_is_held()
    {
        var (rows, added) = (0, 0);
        var packer = new EntryPacker(100, _ => rows++, window: 1000);
        for (; added < 21; added++)
        {
            packer.Add(new int[50], 0, "mono", "en"); // 20 of them fill a window.
        }

        Assert.Equal(10, rows);
        packer.Complete();
        Assert.Equal(11, rows);
    }

    private static List<PackedRow> Pack(IEnumerable<TrainingExample> entries, int length, int window)
    {
        var rows = new List<PackedRow>();
        var packer = new EntryPacker(length, rows.Add, window);
        foreach (var entry in entries)
        {
            packer.Add(entry.InputIds, entry.LossFrom, entry.Kind, entry.Direction);
        }

        packer.Complete();
        return rows;
    }

    private static IEnumerable<TrainingExample> Unpack(PackedRow row) => row.Starts.Select((start, i) => new TrainingExample(
        row.InputIds[start..(i + 1 < row.Starts.Length ? row.Starts[i + 1] : row.InputIds.Length)], row.LossFrom[i], row.Kind, row.Direction));

    private static string Line(TrainingExample e) => $"{string.Join(' ', e.InputIds)}|{e.LossFrom}|{e.Kind}|{e.Direction}";

    private static string Row(PackedRow row) => string.Join(" / ", Unpack(row).Select(Line));
}
