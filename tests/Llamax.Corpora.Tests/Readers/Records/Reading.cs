using System.IO.Compression;
using System.Text;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers.Records;

/// <summary>What the tests of the readers share.</summary>
internal static class Reading
{
    /// <summary>The records as texts.</summary>
    public static List<string[]> All(RecordReader reader, BadRecords? bad = null)
    {
        var records = new List<string[]>();
        foreach (var batch in reader.Read(bad ?? new BadRecords(0), TestContext.Current.CancellationToken))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                records.Add([.. Enumerable.Range(0, batch.Fields).Select(field => Encoding.UTF8.GetString(batch[i, field]))]);
            }
        }

        return records;
    }

    /// <summary>Writes a file, packed as its name says.</summary>
    public static TextFile File(TemporaryFolder temporary, string name, ReadOnlySpan<byte> content)
    {
        var path = temporary.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, Pack(name, content));
        return TextFile.FindOne(path);
    }

    public static TextFile File(TemporaryFolder temporary, string name, string content) => File(temporary, name, Encoding.UTF8.GetBytes(content));

    public static byte[] Pack(string name, ReadOnlySpan<byte> content)
    {
        if (name.EndsWith(".zst", StringComparison.Ordinal))
        {
            using var compressor = new ZstdSharp.Compressor();
            return compressor.Wrap(content).ToArray();
        }

        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return content.ToArray();
        }

        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }
}
