namespace Llamax.Models.Hub.Loading;

/// <summary>Sees to it that a load does not begin that the disk cannot hold.</summary>
/// <param name="freeBytes">The bytes that may still be written below a folder; null for what the system says.</param>
internal sealed class FreeSpace(Func<string, long>? freeBytes = null)
{
    /// <summary>Refuses what does not fit.</summary>
    /// <param name="folder">Where it is to go; made where it is missing.</param>
    /// <param name="needed">Bytes.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="LlamaxException">There is too little room.</exception>
    public void Check(string folder, long needed, string what)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{folder} cannot be made ({exception.Message.TrimEnd('.')}). Name another folder with HF_HOME or XDG_CACHE_HOME.", exception);
        }

        var free = (freeBytes ?? Free)(folder);
        if (needed > free)
        {
            throw new LlamaxException($"{what} needs {needed:N0} more bytes and {folder} has room for {free:N0}. Make room, or name a folder on another disk with HF_HOME or XDG_CACHE_HOME.");
        }
    }

    /// <summary>A file's length; zero where there is none.</summary>
    public static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static long Free(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue; // A share that says nothing of its room, for example: writing will tell.
        }
    }
}
