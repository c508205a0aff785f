using System.Text;
using CsCheck;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Cleaning.Repair;
using Llamax.Corpora.Cleaning.Spans;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Tests.Cleaning;

public sealed class HostileTextTests
{
    private static readonly byte[] Marks = [0x00, 0x0A, 0x0D, 0x20, 0x41, 0x7F, 0x80, 0xA0, 0xBF, 0xC2, 0xC3, 0xA9, 0xE2, 0x80, 0x8B, 0xEF, 0xBB, 0xBD, 0xED, 0xF0, 0x9F, 0xFF];

    private static readonly Gen<byte[]> Texts = Gen.Int[0, Marks.Length - 1].Select(i => Marks[i]).Array[0, 60];

    /// <summary>Readers give UTF-8 only; whatever comes all the same, nothing may break.</summary>
    [Fact]
    public void Bytes_that_are_no_text_do_no_harm()
    {
        var near = new NearDuplicates(new() { Span = 1 }, 1);
        var cleaner = new Cleaner(new() { Nfc = true, MinLength = 1, MaxLength = 1000, MaxRatio = 2, SameAsSource = true });
        Texts.Sample(text =>
        {
            using var raw = new RecordBatch(1);
            raw.Append(text);
            raw.EndField();
            raw.EndRecord(1);
            using var cleaned = new RecordBatch(1);
            cleaner.Clean(raw, ["en"], cleaned, new CleaningCounts());
            near.TryBands("en"u8, text, [], new UInt128[near.Bands]);
            cleaner.KeepsPair("en", text, "de", [.. text, 0x41], new CleaningCounts());
            Assert.InRange(cleaned.Count, 0, 1);
        }, iter: 5_000, threads: 1);
    }

    [Fact]
    public void Text_stays_text_without_what_cannot_be_seen() =>
        Texts.Select(bytes => Encoding.UTF8.GetString(bytes)).Sample(text =>
        {
            var once = Repair(text);
            Assert.DoesNotContain('\uFFFD', once);
            Assert.DoesNotContain(once, c => char.IsControl(c) && c is not ('\n' or '\t'));
            Assert.DoesNotContain(once, c => c is '\uFEFF' or '\u00AD');
        }, iter: 5_000, threads: 1);

    /// <summary>The shortest run of words that ends at each, hashed anew every time.</summary>
    [Fact]
    public void Spans_are_the_same_wherever_they_stand() =>
        Gen.Select(Gen.Int[0, 5].Array[0, 80], Gen.Int[1, 12]).Sample((words, length) =>
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(words.Select(word => word switch { 0 => "词", 1 => "カ", 2 => "ก", _ => $" word{word} " })));
            var units = Units(text);
            var expected = new List<ulong>();
            for (var end = 1; end <= units.Count; end++)
            {
                var start = end;
                for (var worth = 0; worth < length * UnitReader.Word && start > 0;)
                {
                    worth += units[--start].Worth;
                }

                if (units[start..end].Sum(unit => unit.Worth) >= length * UnitReader.Word)
                {
                    expected.Add(Spans(units[start..end], length)[^1]);
                }
            }

            Assert.Equal(expected, Spans(units, length));
        }, iter: 300, threads: 1);

    private static string Repair(string text)
    {
        using var output = new RecordBatch(1);
        UnicodeRepair.Append(Encoding.UTF8.GetBytes(text), output, out _);
        return Encoding.UTF8.GetString(output.Current);
    }

    private static List<(ulong Hash, int Worth)> Units(byte[] text)
    {
        var reader = new UnitReader(text);
        var units = new List<(ulong, int)>();
        while (reader.TryNext(out var hash, out var worth))
        {
            units.Add((hash, worth));
        }

        return units;
    }

    private static List<ulong> Spans(List<(ulong Hash, int Worth)> units, int length)
    {
        var reader = new SpanReader(length, new ulong[SpanReader.Memory], new int[SpanReader.Memory]);
        var spans = new List<ulong>();
        foreach (var (hash, worth) in units)
        {
            if (reader.TryAdd(hash, worth, out var span))
            {
                spans.Add(span);
            }
        }

        return spans;
    }
}
