using System.Text;
using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Models.Resizing;

/// <summary>The <c>vocab_size</c> of a <c>config.json</c>, which can be changed without touching another byte of it.</summary>
internal sealed class VocabularySizeKey
{
    private readonly byte[] json;
    private readonly int start;
    private readonly int length;

    private VocabularySizeKey(byte[] json, int start, int length, int value, bool tied) =>
        (this.json, this.start, this.length, Value, Tied) = (json, start, length, value, tied);

    public int Value { get; }

    /// <summary>Whether the output is the embedding.</summary>
    public bool Tied { get; }

    public static VocabularySizeKey Read(string file)
    {
        var keys = new JsonKeys(file, JsonKeys.Parse(file)); // Says what is wrong with a file that is missing or no JSON.
        var value = keys.RequiredInteger("vocab_size");
        var tied = keys.Flag("tie_word_embeddings") ?? false;
        var bytes = File.ReadAllBytes(file);
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("vocab_size"))
            {
                reader.Read();
                return new VocabularySizeKey(bytes, (int)reader.TokenStartIndex, reader.ValueSpan.Length, value, tied);
            }
        }

        throw new LlamaxException($"{file}: the key 'vocab_size' is missing.");
    }

    public void Write(string file, int value) => AtomicFile.Write(file, stream =>
    {
        stream.Write(json.AsSpan(0, start));
        stream.Write(Encoding.UTF8.GetBytes(value.ToString()));
        stream.Write(json.AsSpan(start + length));
    });
}
