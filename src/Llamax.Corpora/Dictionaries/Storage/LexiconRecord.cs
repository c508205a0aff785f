using System.Buffers.Binary;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>
/// A word of a lexicon: how it is written, and by language its translations, each the place of another record.
/// </summary>
internal readonly ref struct LexiconRecord
{
    /// <summary>Bytes before the key: lengths of key and spellings, numbers of spellings and groups.</summary>
    public const int HeadSize = 7;

    /// <summary>Bytes of a group: its language and how many translations it has.</summary>
    public const int GroupSize = 6;

    private readonly LexiconImage image;
    private readonly ReadOnlySpan<byte> body; // Key, groups and spellings.
    private readonly int keyLength;
    private readonly long entries;

    public LexiconRecord(LexiconImage image, long offset)
    {
        this.image = image;
        var head = image.Slice(offset, HeadSize);
        keyLength = BinaryPrimitives.ReadUInt16LittleEndian(head);
        Spellings = head[4];
        Groups = BinaryPrimitives.ReadUInt16LittleEndian(head[5..]);
        var length = keyLength + (Groups * GroupSize) + BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        body = image.Slice(offset + HeadSize, length);
        entries = offset + HeadSize + length;
    }

    /// <summary>The word in lower case.</summary>
    public ReadOnlySpan<byte> Key => body[..keyLength];

    /// <summary>Where its translations begin.</summary>
    public long EntriesAt => entries;

    /// <summary>How many spellings there are that are not the lower case.</summary>
    public int Spellings { get; }

    /// <summary>How many languages it is translated into.</summary>
    public int Groups { get; }

    /// <summary>A group's language and the number of its translations; the languages ascend.</summary>
    public (int Language, long Count) Group(int group)
    {
        var bytes = body.Slice(keyLength + (group * GroupSize), GroupSize);
        return (BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]));
    }

    /// <summary>A translation; those of the first group come first.</summary>
    public LexiconEntry Entry(long number) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(image.Slice(entries + (number * sizeof(ulong)), sizeof(ulong))));

    /// <summary>How the word is written: 0 in lower case, above as the dictionaries have it.</summary>
    public ReadOnlySpan<byte> Spelling(int number)
    {
        if (number == 0)
        {
            return Key;
        }

        var left = body[(keyLength + (Groups * GroupSize))..];
        for (var i = 1; i <= Spellings && left.Length >= sizeof(ushort); i++)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(left);
            left = left[sizeof(ushort)..];
            if (length > left.Length)
            {
                break;
            }

            if (i == number)
            {
                return left[..length];
            }

            left = left[length..];
        }

        throw image.Damaged($"the word '{System.Text.Encoding.UTF8.GetString(Key)}' has no spelling {number}");
    }
}
