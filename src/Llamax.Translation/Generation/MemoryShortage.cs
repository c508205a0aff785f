using System.Runtime.InteropServices;

namespace Llamax.Translation.Generation;

/// <summary>What the runtime and libtorch throw where there is no more memory.</summary>
internal static class MemoryShortage
{
    private static readonly string[] Messages = ["can't allocate memory", "not enough memory", "out of memory"];

    /// <summary>Whether it says that there is no more memory, of this machine or of a device.</summary>
    public static bool IsOne(Exception exception) => exception is OutOfMemoryException
        || (exception is ExternalException && Array.Exists(Messages, message => exception.Message.Contains(message, StringComparison.OrdinalIgnoreCase)));
}
