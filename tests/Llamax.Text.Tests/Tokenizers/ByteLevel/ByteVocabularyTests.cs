using System.Buffers.Binary;
using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

public sealed class ByteVocabularyTests
{
    private const int Tokens = 20_000;
    private const ulong Slots = 1 << 16;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    [Fact]
    public void Tokens_that_were_chosen_to_collide_do_not()
    {
        // With the golden ratio for a key, which everybody could know, all of these come to lie in one part of 64.
        var bytes = new List<byte>();
        Span<byte> token = stackalloc byte[8];
        for (ulong number = 0; bytes.Count < Tokens * token.Length; number++)
        {
            for (var i = 0; i < token.Length; i++)
            {
                token[i] = (byte)Letters[(int)(number >> (6 * i) & 63)];
            }

            if ((Mix(Mix((ulong)token.Length ^ BinaryPrimitives.ReadUInt64LittleEndian(token))) & (Slots - 1)) < Slots / 64)
            {
                bytes.AddRange(token);
            }
        }

        var vocabulary = new ByteVocabulary([.. bytes], [.. Enumerable.Range(0, Tokens + 1).Select(id => 8 * id)]);
        Assert.InRange(vocabulary.LongestRun, 1, 500);
        Assert.All(Enumerable.Range(0, Tokens), id => Assert.Equal(id, vocabulary.Find(vocabulary[id])));
        Assert.Equal(-1, vocabulary.Find("no token"u8));
    }

    [Fact]
    public void Of_several_alike_the_first_is_found_and_an_empty_one_never()
    {
        var vocabulary = new ByteVocabulary(Encoding.UTF8.GetBytes("abaab"), [0, 1, 2, 3, 3, 5]);
        Assert.Equal([(0, 2)], vocabulary.Twins);
        Assert.Equal([0, 1, 4, -1, -1], new[] { "a", "b", "ab", "", "ba" }.Select(token => vocabulary.Find(Encoding.UTF8.GetBytes(token))));
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, out ulong low);
        return high ^ low;
    }
}
