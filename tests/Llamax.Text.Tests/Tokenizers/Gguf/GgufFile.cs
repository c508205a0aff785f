using System.Text;

namespace Llamax.Text.Tests.Tokenizers.Gguf;

/// <summary>Writes the metadata part of a GGUF file.</summary>
internal sealed class GgufFile
{
    private readonly MemoryStream body = new();
    private readonly BinaryWriter writer;
    private long keys;

    public GgufFile() => writer = new BinaryWriter(body);

    public uint Version { get; init; } = 3;

    public GgufFile Add(string key, string value) => Write(key, 8, () => Text(value));

    public GgufFile Add(string key, uint value) => Write(key, 4, () => writer.Write(value));

    public GgufFile Add(string key, bool value) => Write(key, 7, () => writer.Write(value));

    public GgufFile Add(string key, string[] values) => List(key, 8, values.Length, () => Array.ForEach(values, Text));

    public GgufFile Add(string key, int[] values) => List(key, 5, values.Length, () => Array.ForEach(values, writer.Write));

    public GgufFile Add(string key, float[] values) => List(key, 6, values.Length, () => Array.ForEach(values, writer.Write));

    public GgufFile Add(string key, byte[] values) => List(key, 0, values.Length, () => writer.Write(values));

    /// <summary>A value of any type, given by its bytes.</summary>
    public GgufFile AddRaw(string key, uint type, params byte[] value) => Write(key, type, () => writer.Write(value));

    public byte[] Content()
    {
        var file = new MemoryStream();
        var header = new BinaryWriter(file);
        header.Write("GGUF"u8);
        header.Write(Version);
        header.Write(0L);
        header.Write(keys);
        header.Write(body.ToArray());
        return file.ToArray();
    }

    private GgufFile List(string key, uint type, int count, Action write) => Write(key, 9, () =>
    {
        writer.Write(type);
        writer.Write((long)count);
        write();
    });

    private GgufFile Write(string key, uint type, Action write)
    {
        Text(key);
        writer.Write(type);
        write();
        keys++;
        return this;
    }

    private void Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
