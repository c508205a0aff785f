using System.Runtime.InteropServices;

namespace Llamax.Models.Native;

/// <summary>What the runtime and libtorch throw where there is no more memory.</summary>
public static class MemoryShortage
{
    private static readonly string[] Messages = ["can't allocate memory", "not enough memory", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED"];

    /// <summary>Whether it says that there is no more memory, of this machine or of a device.</summary>
    /// <param name="exception">What was thrown.</param>
    public static bool IsOne(Exception exception) => exception switch
    {
        OutOfMemoryException => true,
        AggregateException all => all.InnerExceptions.Any(IsOne),
        ExternalException => Array.Exists(Messages, message => exception.Message.Contains(message, StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };
}
