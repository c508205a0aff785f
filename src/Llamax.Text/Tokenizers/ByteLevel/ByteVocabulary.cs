using System.Numerics;
using System.Runtime.InteropServices;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>The byte strings of a vocabulary by id, and the ids by byte string. Immutable.</summary>
internal sealed class ByteVocabulary
{
    private readonly byte[] bytes;
    private readonly int[] starts;

    // Open addressing; a slot holds the upper half of a hash and id + 1. Most words are none of the tokens: then nothing
    // else is looked at.
    private readonly ulong[] slots;
    private readonly ulong key = ProcessKey.Get(0);

    /// <summary>Builds the table.</summary>
    /// <param name="bytes">The tokens behind each other. An empty one is an id without a byte string.</param>
    /// <param name="starts">Where each of them starts, and last where the last one ends.</param>
    /// <param name="textIds">Which ids text can turn into; the others are found by no byte string.</param>
    public ByteVocabulary(byte[] bytes, int[] starts, Func<int, bool>? textIds = null)
    {
        (this.bytes, this.starts) = (bytes, starts);
        slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * Count))];
        for (var id = 0; id < Count; id++)
        {
            if (this[id].Length > 0 && (textIds is null || textIds(id)))
            {
                LongestToken = Math.Max(LongestToken, this[id].Length);
                ref var slot = ref Slot(this[id], out var tag);
                if (slot != 0)
                {
                    Twins.Add(((int)slot - 1, id));
                }
                else
                {
                    slot = tag | (uint)(id + 1);
                }
            }
        }
    }

    /// <summary>Number of ids.</summary>
    public int Count => starts.Length - 1;

    /// <summary>Length in bytes of the longest token that text can turn into.</summary>
    public int LongestToken { get; }

    /// <summary>Ids with the byte string of an earlier one, which is the one that is found.</summary>
    public List<(int First, int Second)> Twins { get; } = [];

    /// <summary>The most slots that are taken side by side: no search is longer.</summary>
    public int LongestRun
    {
        get
        {
            var (longest, run) = (0, 0);
            foreach (var slot in slots)
            {
                run = slot == 0 ? 0 : run + 1;
                longest = Math.Max(longest, run);
            }

            return longest;
        }
    }

    /// <summary>The byte string of an id.</summary>
    public ReadOnlySpan<byte> this[int id] => bytes.AsSpan(starts[id], starts[id + 1] - starts[id]);

    /// <summary>The id of a byte string, or -1.</summary>
    public int Find(ReadOnlySpan<byte> token) => token.Length > LongestToken ? -1 : (int)Slot(token, out _) - 1;

    /// <summary>The slot of a token, or the empty one that it would take, and the upper half of its hash.</summary>
    private ref ulong Slot(ReadOnlySpan<byte> token, out ulong tag)
    {
        var hash = Hash(token);
        tag = hash >> 32 << 32;
        var mask = slots.Length - 1;
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            ref var slot = ref slots[at];
            if (slot == 0 || (slot >> 32 == tag >> 32 && this[(int)(uint)slot - 1].SequenceEqual(token)))
            {
                return ref slot;
            }
        }
    }

    private ulong Hash(ReadOnlySpan<byte> token)
    {
        var hash = (ulong)token.Length;
        for (; token.Length >= 8; token = token[8..])
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(token));
        }

        ulong rest = 0;
        foreach (var part in token)
        {
            rest = (rest << 8) | part;
        }

        return Mix(hash ^ rest);
    }

    // The halves of the product, xored: all bits of the input reach all bits of the result.
    private ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ key, 0xD6E8FEB86659FD93, out ulong low);
        return high ^ low;
    }
}
