using System.Runtime.InteropServices;

namespace Llamax.Distributed;

/// <summary>The environment as native libraries see it: .NET keeps a copy of its own.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable that the user has not set; does nothing on Windows, which has no such call, nor the signals that it is for.</summary>
    public static void SetDefault(string name, string value)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Set(name, value, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);
}
