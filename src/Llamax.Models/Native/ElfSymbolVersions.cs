using System.Buffers.Binary;

namespace Llamax.Models.Native;

/// <summary>
/// Marks a required symbol version of a 64-bit little-endian ELF library as weak, so that the loader accepts a machine
/// whose library does not define it. Layout: System V gABI and the Linux Standard Base, section "Symbol Versioning".
/// </summary>
internal static class ElfSymbolVersions
{
    private const int SectionTypeVersionNeed = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;

    /// <summary>Sets <c>VER_FLG_WEAK</c> on every entry of that name.</summary>
    /// <param name="elf">The library's bytes, changed in place.</param>
    /// <param name="version">The version name, for example <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>Whether an entry was found; false also where the bytes are no such library or are cut off.</returns>
    public static bool MarkWeak(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }

        var file = new Reader(elf);
        var name = System.Text.Encoding.ASCII.GetBytes(version);
        var (sections, sectionSize, sectionCount) = (file.Int64(0x28), file.UInt16(0x3a), file.UInt16(0x3c));
        var found = false;
        for (var i = 0L; i < sectionCount && !file.Failed; i++)
        {
            var header = sections + (i * sectionSize);
            if (file.Int32(header + 4) == SectionTypeVersionNeed)
            {
                var strings = file.Int64(sections + ((long)file.Int32(header + 0x28) * sectionSize) + 0x18);
                found |= MarkWeak(ref file, file.Int64(header + 0x18), file.Int32(header + 0x2c), strings, name);
            }
        }

        return found && !file.Failed;
    }

    private static bool MarkWeak(ref Reader file, long need, int needCount, long strings, ReadOnlySpan<byte> version)
    {
        var found = false;
        for (var i = 0; i < needCount && !file.Failed; i++)
        {
            var auxCount = file.UInt16(need + 2);
            var aux = need + file.Int32(need + 8);
            for (var j = 0; j < auxCount && !file.Failed; j++)
            {
                if (file.TextAt(strings + file.Int32(aux + 8), version))
                {
                    file.SetFlag(aux + 4, WeakFlag);
                    found = true;
                }

                aux += file.Int32(aux + 12);
            }

            need += file.Int32(need + 12);
        }

        return found;
    }

    /// <summary>Reads at any offset; outside the file it gives zero and says so afterwards.</summary>
    private ref struct Reader(Span<byte> bytes)
    {
        private readonly Span<byte> bytes = bytes;

        public bool Failed { get; private set; }

        public ushort UInt16(long offset) => Has(offset, 2) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)offset..]) : (ushort)0;

        public int Int32(long offset) => Has(offset, 4) ? BinaryPrimitives.ReadInt32LittleEndian(bytes[(int)offset..]) : 0;

        public long Int64(long offset) => Has(offset, 8) ? BinaryPrimitives.ReadInt64LittleEndian(bytes[(int)offset..]) : 0;

        /// <summary>Whether that zero-terminated text stands there; a shorter rest of the file just does not match.</summary>
        public readonly bool TextAt(long offset, ReadOnlySpan<byte> text) => offset >= 0 && offset < bytes.Length - text.Length
            && bytes.Slice((int)offset, text.Length).SequenceEqual(text) && bytes[(int)offset + text.Length] == 0;

        public void SetFlag(long offset, ushort flag)
        {
            var value = UInt16(offset);
            if (!Failed)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[(int)offset..], (ushort)(value | flag));
            }
        }

        private bool Has(long offset, int length)
        {
            var has = offset >= 0 && offset <= bytes.Length - length;
            Failed |= !has;
            return has;
        }
    }
}
