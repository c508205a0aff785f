using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Llamax.Text.Files;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>The bytes of a lexicon, in a file that is mapped read-only or in memory. Every access is checked. Thread-safe.</summary>
internal sealed unsafe class LexiconImage : IDisposable
{
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private readonly byte[]? memory; // Keeps the pinned array alive.
    private byte* start;

    /// <summary>Maps a file.</summary>
    public LexiconImage(string path)
    {
        Name = path;
        try
        {
            Length = FileStamp.Of(path).Length;
            if (Length == 0)
            {
                throw new LlamaxException($"{path} is empty; this is no lexicon. Build one with `llamax lexicon build`.");
            }

            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            start += view.PointerOffset;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new LlamaxException($"{path} cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Takes bytes that are in memory.</summary>
    /// <param name="pinned">An array on the pinned heap.</param>
    public LexiconImage(byte[] pinned)
    {
        (Name, memory, Length) = ("the lexicon", pinned, pinned.Length);
        start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Where some of the bytes begin.</summary>
    /// <exception cref="LlamaxException">They are not all there: the file is damaged.</exception>
    public byte* At(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(start is null, this);
        return (ulong)offset <= (ulong)(Length - count) && count <= Length ? start + offset
            : throw Damaged($"{count:N0} bytes at {offset:N0} would lie beyond its end");
    }

    /// <summary>Has the processor fetch what will be asked for, where it can be told to.</summary>
    /// <param name="offset">Where the bytes begin, the first 128 of which are fetched; nothing happens where there are none.</param>
    public void Prefetch(long offset)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(start + offset);
            Sse.Prefetch0(start + offset + 64);
        }
    }

    /// <summary>Some of the bytes.</summary>
    /// <exception cref="LlamaxException">They are not all there: the file is damaged.</exception>
    public ReadOnlySpan<byte> Slice(long offset, long count)
    {
        ObjectDisposedException.ThrowIf(start is null, this);
        return (ulong)offset <= (ulong)Length && (ulong)count <= (ulong)Math.Min(Length - offset, int.MaxValue)
            ? new ReadOnlySpan<byte>(start + offset, (int)count) : throw Damaged($"{count:N0} bytes at {offset:N0} would lie beyond its end");
    }

    /// <summary>The error for bytes that no lexicon has.</summary>
    public LlamaxException Damaged(string what) =>
        new($"{Name} is damaged or no lexicon: {what}. Build it again with `llamax lexicon build`.");

    public void Dispose()
    {
        if (start is not null && memory is null)
        {
            view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        start = null;
        view?.Dispose();
        file?.Dispose();
    }
}
