using System.IO.Hashing;
using System.Text;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Dictionaries.Storage;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Dictionaries.Storage;

/// <summary>Small files that are whole by their checksums, and whose records say of themselves what would take any amount of work and memory.</summary>
public sealed class HostileLexiconTests
{
    private const int Groups = 2000;

    public enum Fault
    {
        None,
        EndsDescend,
        LanguagesRepeat,
        RecordsOverlap,
        OtherLanguage,
    }

    [Theory]
    [InlineData(Fault.None)]
    [InlineData(Fault.EndsDescend)]
    [InlineData(Fault.LanguagesRepeat)]
    [InlineData(Fault.RecordsOverlap)]
    [InlineData(Fault.OtherLanguage)]
    public void A_look_up_takes_no_more_than_the_file_is_worth(Fault fault)
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.File("x.lexicon");
        Write(path, fault);
        using var lexicon = MultilingualLexicon.Open(path);
        lexicon.Verify(TestContext.Current.CancellationToken);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var paths = new List<LexiconPath>();
        var error = Record.Exception(() => lexicon.Explain("en", "a", paths));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (16 * new FileInfo(path).Length) + (1 << 20));
        Assert.Equal(fault == Fault.None ? null : typeof(LlamaxException), error?.GetType());
        Assert.Equal(fault == Fault.None ? Groups : 0, paths.Count);
    }

    [Theory]
    [InlineData(Fault.EndsDescend)]
    [InlineData(Fault.LanguagesRepeat)]
    [InlineData(Fault.OtherLanguage)]
    public void Nor_does_counting(Fault fault)
    {
        using var temporary = new TemporaryFolder();
        Write(temporary.File("x.lexicon"), fault);
        using var lexicon = MultilingualLexicon.Open(temporary.File("x.lexicon"));
        Assert.Contains("damaged", Assert.Throws<LlamaxException>(() => LexiconStatistics.Of(lexicon, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fan_out_that_no_builder_takes_is_refused()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary.File("x.lexicon"), Fault.None, fanOut: 1001);
        Assert.Contains("fan-out 1001", Assert.Throws<LlamaxException>(() => MultilingualLexicon.Open(temporary.File("x.lexicon"))).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// An English word, a, and as many languages as it has groups, each of one word that is its translation; or one other
    /// language, in whose bytes a long word begins everywhere.
    /// </summary>
    private static void Write(string path, Fault fault, int fanOut = 8)
    {
        var others = fault == Fault.RecordsOverlap ? 1 : Groups;
        var languages = Enumerable.Range(0, others).Select(i => $"l{i:D4}").Prepend("en").ToList();
        var (records, ends) = (new MemoryStream(), new List<long>());
        using var writer = new BinaryWriter(records);
        var first = LexiconHeader.Size + LexiconRecord.HeadSize + 1 + (others * LexiconRecord.GroupSize) + (Groups * 8L);
        const int Size = LexiconRecord.HeadSize + 1;
        Head("a", others);
        for (var group = 0; group < others; group++)
        {
            writer.Write((ushort)(fault == Fault.LanguagesRepeat ? 1 : group + 1));
            writer.Write((uint)(fault == Fault.RecordsOverlap ? Groups : fault != Fault.EndsDescend ? group + 1 : group % 2 == 1 ? 0 : Groups));
        }

        for (var entry = 0; entry < Groups; entry++)
        {
            writer.Write((ulong)(fault switch
            {
                Fault.OtherLanguage => first,
                Fault.RecordsOverlap => first + entry,
                _ => first + (entry * Size),
            }));
        }

        ends.Add(LexiconHeader.Size + records.Length);
        for (var language = 0; language < others; language++)
        {
            if (fault == Fault.RecordsOverlap)
            {
                writer.Write(Enumerable.Repeat((byte)0x10, 50_000).ToArray());
            }
            else
            {
                Head("b", 0);
            }

            ends.Add(LexiconHeader.Size + records.Length);
        }

        using var file = File.Create(path);
        file.Write(new byte[LexiconHeader.Size]);
        file.Write(records.ToArray());
        var recordsEnd = file.Position;
        var key = LexiconStore.Hash("a"u8);
        using var index = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        index.Write(LexiconHeader.Size | ((key & LexiconStore.TagMask) << 40));
        for (var language = 0; language < others; language++)
        {
            index.Write(0UL);
        }

        index.Flush();
        var hash = new XxHash3();
        hash.Append(records.ToArray());
        file.Position = recordsEnd;
        hash.Append(file);
        new LexiconHeader
        {
            Hops = 1,
            FanOut = fanOut,
            RecordsEnd = recordsEnd,
            IndexEnd = file.Position,
            Entries = Groups,
            Checksum = hash.GetCurrentHashAsUInt64(),
            Languages = [.. languages.Select((code, i) => new LexiconLanguage(code, i == 0 ? LexiconHeader.Size : ends[i - 1], ends[i], recordsEnd + (8 * i), 1, i == 0 ? 1 : 0, 0))],
            Sources = [new LexiconSource(0, 1, 1, "d.txt")],
        }.Write(file);

        void Head(string word, int groups)
        {
            writer.Write((ushort)word.Length);
            writer.Write((ushort)0);
            writer.Write((byte)0);
            writer.Write((ushort)groups);
            writer.Write(Encoding.UTF8.GetBytes(word));
        }
    }
}
