using System.Text;
using System.Text.Json;
using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace.Models;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads the merges of a BPE: strings of two tokens with a space between them, or pairs of tokens.</summary>
internal static class MergeReader
{
    /// <summary>Reads merges.</summary>
    /// <param name="file">Path, for messages.</param>
    /// <param name="json">The file's bytes.</param>
    /// <param name="reader">At the start of the array.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="prefixLength">How many bytes the right token of a pair loses when the two are joined.</param>
    public static BpeMerges Read(string file, ReadOnlySpan<byte> json, Utf8JsonReader reader, ByteVocabulary vocabulary, int prefixLength)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new LlamaxException($"{file}: model.merges is no array.");
        }

        var count = 0;
        for (var ahead = reader; ahead.Read() && ahead.TokenType != JsonTokenType.EndArray; count++)
        {
            ahead.Skip();
        }

        var merges = new Merge[count];
        var (scratch, joined, used, crosses) = (new byte[256], new byte[256], 0, false);
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            var place = reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("#version"u8))
            {
                continue; // As merges.txt begins.
            }

            var (leftLength, rightLength) = Pair(ref reader, ref scratch);
            if (leftLength < 0)
            {
                throw Error(file, json, place, index, "must be two tokens");
            }

            var left = scratch.AsSpan(0, leftLength);
            var right = scratch.AsSpan(leftLength, rightLength);
            if (right.Length < prefixLength)
            {
                throw Error(file, json, place, index, $"has '{Encoding.UTF8.GetString(right)}', which is shorter than the prefix of tokens within words");
            }

            if (joined.Length < left.Length + right.Length)
            {
                joined = new byte[2 * (left.Length + right.Length)];
            }

            left.CopyTo(joined);
            right[prefixLength..].CopyTo(joined.AsSpan(left.Length));
            merges[used] = new Merge(
                Find(left, vocabulary, file, json, place, index), Find(right, vocabulary, file, json, place, index), used,
                Find(joined.AsSpan(0, left.Length + right.Length - prefixLength), vocabulary, file, json, place, index));
            used++;
            crosses |= right.StartsWith("▁"u8) && !left.EndsWith("▁"u8);
        }

        return new BpeMerges(new MergeTable(merges.AsSpan(0, used)), crosses);
    }

    /// <summary>Puts the two tokens of a merge behind each other into the scratch; a negative length where there are not two.</summary>
    private static (int Left, int Right) Pair(ref Utf8JsonReader reader, ref byte[] scratch)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var length = VocabularyReader.Copy(ref reader, ref scratch);
            var space = scratch.AsSpan(0, length).IndexOf((byte)' ');
            if (space < 0 || scratch.AsSpan(space + 1, length - space - 1).Contains((byte)' '))
            {
                return (-1, 0);
            }

            scratch.AsSpan(space + 1, length - space - 1).CopyTo(scratch.AsSpan(space));
            return (space, length - space - 1);
        }

        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return (-1, 0);
        }

        var left = VocabularyReader.Copy(ref reader, ref scratch);
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return (-1, 0);
        }

        if (scratch.Length < left + reader.ValueSpan.Length)
        {
            Array.Resize(ref scratch, 2 * (left + reader.ValueSpan.Length));
        }

        var right = reader.CopyString(scratch.AsSpan(left));
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray ? (left, right) : (-1, 0);
    }

    private static int Find(ReadOnlySpan<byte> token, ByteVocabulary vocabulary, string file, ReadOnlySpan<byte> json, long place, int index)
    {
        var id = vocabulary.Find(token);
        return id >= 0 ? id : throw Error(file, json, place, index, $"needs '{Encoding.UTF8.GetString(token)}', which the vocabulary lacks");
    }

    private static LlamaxException Error(string file, ReadOnlySpan<byte> json, long place, int index, string what) =>
        new($"{file}, line {JsonPosition.Line(json, place)}: model.merges[{index}] {what}.");
}
