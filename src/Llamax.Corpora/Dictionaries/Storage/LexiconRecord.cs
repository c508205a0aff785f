using System.Runtime.CompilerServices;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>
/// A word of a lexicon: how it is written, and by language its translations, each the place of another record. Little
/// endian; what its head says of its length is checked once, before anything is read.
/// </summary>
internal readonly unsafe ref struct LexiconRecord
{
    /// <summary>Bytes before the key: lengths of key and spellings, numbers of spellings and groups.</summary>
    public const int HeadSize = 7;

    /// <summary>Bytes of a group: its language and where its translations end.</summary>
    public const int GroupSize = 6;

    private readonly LexiconImage image;
    private readonly byte* key;
    private readonly int keyLength;
    private readonly int spellingsLength;

    public LexiconRecord(LexiconImage image, long offset)
    {
        this.image = image;
        var head = image.At(offset, HeadSize);
        keyLength = Unsafe.ReadUnaligned<ushort>(head);
        spellingsLength = Unsafe.ReadUnaligned<ushort>(head + 2);
        Spellings = head[4];
        Groups = Unsafe.ReadUnaligned<ushort>(head + 5);
        var length = keyLength + (Groups * GroupSize) + spellingsLength;
        key = image.At(offset + HeadSize, length);
        EntriesAt = offset + HeadSize + length;
    }

    /// <summary>The word in lower case.</summary>
    public ReadOnlySpan<byte> Key => new(key, keyLength);

    /// <summary>How many spellings there are that are not the lower case.</summary>
    public int Spellings { get; }

    /// <summary>How many languages it is translated into.</summary>
    public int Groups { get; }

    /// <summary>Where its translations begin.</summary>
    public long EntriesAt { get; }

    /// <summary>How many translations it has.</summary>
    public long Entries => Groups == 0 ? 0 : End(Groups - 1);

    /// <summary>A group's language; the languages ascend.</summary>
    /// <param name="group">Below <see cref="Groups"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Language(int group) => Unsafe.ReadUnaligned<ushort>(key + keyLength + (group * GroupSize));

    /// <summary>A group's translations: the first one's number, and how many there are.</summary>
    /// <param name="group">Below <see cref="Groups"/>.</param>
    /// <exception cref="LlamaxException">
    /// The groups do not ascend: the file is damaged. Without this check a small file could hold any number of translations.
    /// </exception>
    public (long First, long Count) Range(int group)
    {
        if (group == 0)
        {
            return (0, End(0));
        }

        var (first, end) = (End(group - 1), End(group));
        return end >= first && Language(group) > Language(group - 1)
            ? (first, end - first) : throw NotInOrder();
    }

    /// <summary>The group of a language; -1 where the word has no translation into it.</summary>
    public int GroupOf(int language)
    {
        for (var group = 0; group < Groups; group++)
        {
            if (Language(group) == language)
            {
                return group;
            }
        }

        return -1;
    }

    /// <summary>A translation.</summary>
    public LexiconEntry Entry(long number) => new(Unsafe.ReadUnaligned<ulong>(image.At(EntriesAt + (number * sizeof(ulong)), sizeof(ulong))));

    /// <summary>How the word is written: 0 in lower case, above as the dictionaries have it.</summary>
    public ReadOnlySpan<byte> Spelling(int number)
    {
        if (number == 0)
        {
            return Key;
        }

        var left = new ReadOnlySpan<byte>(key + keyLength + (Groups * GroupSize), spellingsLength);
        for (var i = 1; i <= Spellings && left.Length >= sizeof(ushort); i++)
        {
            var length = left[0] | (left[1] << 8);
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

    private LlamaxException NotInOrder() => image.Damaged($"the translations of '{System.Text.Encoding.UTF8.GetString(Key)}' are not in order");

    private long End(int group) => Unsafe.ReadUnaligned<uint>(key + keyLength + (group * GroupSize) + sizeof(ushort));
}
