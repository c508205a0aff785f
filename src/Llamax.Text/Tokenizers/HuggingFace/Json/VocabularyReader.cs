using System.Text;
using System.Text.Json;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace.Models;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads a vocabulary in two looks: the first finds sizes and mistakes, the second fills the tables.</summary>
internal static class VocabularyReader
{
    // Ids beyond a quarter of the file's bytes are none that it can have tokens for, unless it is a very small file.
    private const int SmallIds = 1 << 15;

    // The tokens of real Unigrams (T5, XLM-R) make a tree with one node for ten bytes of their files; a node takes some
    // sixty bytes of memory while the tree is built.
    private const int BytesPerNode = 5;
    private const int FewNodes = 1 << 13;

    /// <summary>Reads a BPE's: an object of tokens with their ids.</summary>
    public static ByteVocabulary ReadObject(string file, ReadOnlySpan<byte> json, Utf8JsonReader reader, out int count)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new LlamaxException($"{file}: model.vocab is no object of tokens with ids, as a BPE's must be.");
        }

        var scratch = new byte[256];
        var lengths = new int[1024];
        Array.Fill(lengths, -1);
        var last = -1;
        count = 0;
        for (var ahead = reader; ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName; count++)
        {
            var length = Copy(ref ahead, ref scratch);
            var name = scratch.AsSpan(0, length);
            ahead.Read();
            var id = Id(file, json, ref ahead, name);
            if (id >= lengths.Length)
            {
                var before = lengths.Length;
                Array.Resize(ref lengths, Math.Max(id + 1, (int)Math.Min(2L * before, LargestId(json) + 1L)));
                lengths.AsSpan(before).Fill(-1);
            }

            if (lengths[id] >= 0)
            {
                throw Error(file, json, ref ahead, $"gives id {id} to '{Encoding.UTF8.GetString(name)}', but another token has it already");
            }

            lengths[id] = length;
            last = Math.Max(last, id);
        }

        var starts = Starts(lengths.AsSpan(0, last + 1));
        var bytes = new byte[starts[^1]];
        for (var ahead = reader; ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName;)
        {
            var length = Copy(ref ahead, ref scratch);
            ahead.Read();
            scratch.AsSpan(0, length).CopyTo(bytes.AsSpan(starts[ahead.GetInt32()]));
        }

        return Unique(file, new ByteVocabulary(bytes, starts));
    }

    /// <summary>Reads a Unigram's: an array of tokens with their scores.</summary>
    public static UnigramModel ReadUnigram(string file, ReadOnlySpan<byte> json, Utf8JsonReader reader, int? unknownId, bool byteFallback)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new LlamaxException($"{file}: model.vocab is no array of tokens with scores, as a Unigram's must be.");
        }

        var scratch = new byte[256];
        var (count, total) = (0, 0);
        for (var ahead = reader; ahead.Read() && ahead.TokenType != JsonTokenType.EndArray; count++)
        {
            total += ReadPair(file, json, ref ahead, ref scratch, out _);
        }

        var (bytes, starts, scores) = (new byte[total], new int[count + 1], new double[count]);
        var id = 0;
        for (var ahead = reader; ahead.Read() && ahead.TokenType != JsonTokenType.EndArray; id++)
        {
            var length = ReadPair(file, json, ref ahead, ref scratch, out scores[id]);
            scratch.AsSpan(0, length).CopyTo(bytes.AsSpan(starts[id]));
            starts[id + 1] = starts[id] + length;
        }

        if (unknownId >= count)
        {
            throw new LlamaxException($"{file}: model.unk_id is {unknownId}, but the vocabulary has {count} tokens.");
        }

        var vocabulary = Unique(file, new ByteVocabulary(bytes, starts));
        if (CountNodes(vocabulary) > Math.Max(FewNodes, json.Length / BytesPerNode))
        {
            throw new LlamaxException($"{file}: model.vocab has long tokens of which hardly two begin alike. No vocabulary that was learned from text is like that.");
        }

        return new UnigramModel(vocabulary, scores, unknownId, byteFallback) { TokenCount = count };
    }

    /// <summary>How many nodes a prefix tree of the tokens has.</summary>
    private static long CountNodes(ByteVocabulary vocabulary)
    {
        var ids = new int[vocabulary.Count];
        for (var id = 0; id < ids.Length; id++)
        {
            ids[id] = id;
        }

        Array.Sort(ids, (a, b) => vocabulary[a].SequenceCompareTo(vocabulary[b]));
        var (count, previous) = (0L, -1);
        foreach (var id in ids)
        {
            count += vocabulary[id].Length - (previous < 0 ? 0 : vocabulary[id].CommonPrefixLength(vocabulary[previous]));
            previous = id;
        }

        return count;
    }

    /// <summary>Copies the string or name where the reader stands; gives its length.</summary>
    public static int Copy(ref Utf8JsonReader reader, ref byte[] scratch)
    {
        if (scratch.Length < reader.ValueSpan.Length)
        {
            scratch = new byte[Math.Max(reader.ValueSpan.Length, 2 * scratch.Length)];
        }

        return reader.CopyString(scratch);
    }

    /// <summary>What to throw: the file, the line and <paramref name="what"/>.</summary>
    public static LlamaxException Error(string file, ReadOnlySpan<byte> json, ref Utf8JsonReader reader, string what) =>
        new($"{file}, line {JsonPosition.Line(json, reader.TokenStartIndex)}: model.vocab {what}.");

    private static int LargestId(ReadOnlySpan<byte> json) => Math.Max(SmallIds, json.Length / 4);

    private static int Id(string file, ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var id) && id >= 0 && id <= LargestId(json) ? id
            : throw Error(file, json, ref reader, $"must give '{Encoding.UTF8.GetString(name)}' an id from 0 to {LargestId(json)}");

    private static int ReadPair(string file, ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ref byte[] scratch, out double score)
    {
        score = 0;
        if (reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            var length = Copy(ref reader, ref scratch);
            if (reader.Read() && reader.TokenType == JsonTokenType.Number && double.IsFinite(score = SerdeNumber.Parse(reader.ValueSpan))
                && reader.Read() && reader.TokenType == JsonTokenType.EndArray)
            {
                return length;
            }
        }

        throw Error(file, json, ref reader, "must have pairs of a token and its score");
    }

    private static int[] Starts(ReadOnlySpan<int> lengths)
    {
        var starts = new int[lengths.Length + 1];
        for (var id = 0; id < lengths.Length; id++)
        {
            starts[id + 1] = starts[id] + Math.Max(0, lengths[id]);
        }

        return starts;
    }

    private static ByteVocabulary Unique(string file, ByteVocabulary vocabulary) => vocabulary.Twins is [var (first, second), ..]
        ? throw new LlamaxException(
            $"{file}: model.vocab has '{Encoding.UTF8.GetString(vocabulary[first])}' twice, with ids {first} and {second}.")
        : vocabulary;
}
