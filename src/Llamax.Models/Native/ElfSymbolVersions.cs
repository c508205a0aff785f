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
    /// <returns>Whether an entry was found.</returns>
    public static bool MarkWeak(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }

        var sections = BinaryPrimitives.ReadInt64LittleEndian(elf[0x28..]);
        var sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3a..]);
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]);
        var found = false;
        for (var i = 0; i < sectionCount; i++)
        {
            var header = elf[(int)(sections + (i * sectionSize))..];
            if (BinaryPrimitives.ReadInt32LittleEndian(header[4..]) != SectionTypeVersionNeed)
            {
                continue;
            }

            var needs = (int)BinaryPrimitives.ReadInt64LittleEndian(header[0x18..]);
            var needCount = BinaryPrimitives.ReadInt32LittleEndian(header[0x2c..]);
            var link = BinaryPrimitives.ReadInt32LittleEndian(header[0x28..]);
            var strings = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[(int)(sections + (link * sectionSize) + 0x18)..]);
            found |= MarkWeak(elf, needs, needCount, strings, version);
        }

        return found;
    }

    private static bool MarkWeak(Span<byte> elf, int need, int needCount, int strings, string version)
    {
        var found = false;
        for (var i = 0; i < needCount; i++)
        {
            var auxCount = BinaryPrimitives.ReadUInt16LittleEndian(elf[(need + 2)..]);
            var aux = need + BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 8)..]);
            for (var j = 0; j < auxCount; j++)
            {
                var name = elf[(strings + BinaryPrimitives.ReadInt32LittleEndian(elf[(aux + 8)..]))..];
                if (System.Text.Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) == version)
                {
                    var flags = elf[(aux + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
                    found = true;
                }

                aux += BinaryPrimitives.ReadInt32LittleEndian(elf[(aux + 12)..]);
            }

            need += BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 12)..]);
        }

        return found;
    }
}
