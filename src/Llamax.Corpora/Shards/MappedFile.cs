using System.Buffers;
using System.IO.MemoryMappedFiles;
using Llamax.Text.Files;

namespace Llamax.Corpora.Shards;

/// <summary>A file of at most 2 GiB, mapped read-only: the system loads the pages that are touched, and shares them.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly int length;
    private byte* pointer;

    public MappedFile(string path)
    {
        var size = FileStamp.Of(path).Length;
        if (size is 0 or > int.MaxValue)
        {
            throw new LlamaxException($"{path}: a shard has between 1 byte and 2 GiB, this one has {size} bytes.");
        }

        length = (int)size;
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, size, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(pointer is null, this);
        return new Span<byte>(pointer, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(pointer + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (pointer is null)
        {
            return;
        }

        pointer = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
