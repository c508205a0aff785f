using System.Formats.Tar;
using System.IO.Compression;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Archives;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Tests.Readers.Records;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers;

/// <summary>By itself: what other tests hold in memory is counted too.</summary>
[CollectionDefinition(nameof(SpoolTests), DisableParallelization = true)]
[Collection(nameof(SpoolTests))]
public sealed class SpoolTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_does_not_fit_into_memory_goes_to_disk()
    {
        var spool = new Spool(100_000);
        byte[][] contents = [.. new[] { 60_000, 150_000, 39_999, 30_000, 1 }.Select(Bytes)];
        Stream[] taken = [.. contents.Select(each => spool.Take(new MemoryStream(each)))];
        Assert.Equal([false, true, false, true, false], taken.Select(stream => stream is FileStream));
        Assert.Equal(contents, taken.Select(stream =>
        {
            using (stream)
            {
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                return copy.ToArray();
            }
        }));
        Assert.All(taken.OfType<FileStream>(), file => Assert.False(File.Exists(file.Name)));
    }

    [Theory]
    [InlineData("set.tar")]
    [InlineData("set.tar.gz")]
    [InlineData("set.tar.zst")]
    public void Large_members_of_archives_are_read_side_by_side_without_being_in_memory(string name)
    {
        const int Lines = 1_000_000;
        WriteArchive(name, Lines);
        TextFile[] files = [.. new[] { "de", "en", "fr" }.Select(language => TextFile.FindOne($"{folder.File(name)}!set/{language}.txt"))];
        var reader = new AlignedTextReader(files, ["de", "en", "fr"], new());
        var (count, next, peak, before) = (0L, Lines / 5, 0L, GC.GetTotalMemory(forceFullCollection: true));
        foreach (var batch in reader.ReadRaw(new BadRecords(), TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                count += batch.Count;
                if (count >= next)
                {
                    peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
                    next += Lines / 5;
                }
            }
        }

        Assert.Equal(Lines, count);
        Assert.InRange(peak, 0, 3L * Lines * 40 * 2 / 3); // The three hold 120 MB.
    }

    [Fact]
    public void Members_that_are_packed_themselves_and_one_that_stands_twice()
    {
        WriteArchive("set.tar.gz", 3);
        var path = folder.File("set.tar.gz");
        TextFile[] files = [.. new[] { "de", "de", "packed" }.Select(name => TextFile.FindOne($"{path}!set/{name}.txt{(name == "packed" ? ".gz" : "")}"))];
        var read = Reading.All(new AlignedTextReader(files, ["de", "en", "fr"], new()));
        Assert.Equal(3, read.Count);
        Assert.All(read, record => Assert.Equal(record[0], record[1]));
        Assert.Equal(["packed 0", "packed 1", "packed 2"], read.Select(record => record[2]));
        var exception = Assert.Throws<LlamaxException>(() => Reading.All(
            new AlignedTextReader([files[0], TextFile.FindOne($"{path}!set/none.txt")], ["de", "en"], new())));
        Assert.Contains("none.txt", exception.Message, StringComparison.Ordinal);
    }

    private void WriteArchive(string name, int lines)
    {
        using var file = File.Create(folder.File(name));
        using Stream packed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest)
            : name.EndsWith(".zst", StringComparison.Ordinal) ? new ZstdSharp.CompressionStream(file) : file;
        using var tar = new TarWriter(packed);
        foreach (var language in new[] { "de", "en", "fr" })
        {
            var text = new MemoryStream();
            for (var i = 0; i < lines; i++)
            {
                text.Write("the same line of text over and over____\n"u8);
            }

            Add($"set/{language}.txt", text);
        }

        var small = new MemoryStream();
        using (var gzip = new GZipStream(small, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("packed 0\npacked 1\npacked 2\n"u8);
        }

        Add("set/packed.txt.gz", small);

        void Add(string member, MemoryStream content)
        {
            content.Position = 0;
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, member) { DataStream = content });
        }
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
