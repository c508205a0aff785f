using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Llamax.Models.Native;

/// <summary>Asks a loaded libtorch for its version; the bindings know only the one that they were compiled with.</summary>
internal static unsafe partial class TorchVersion
{
    private const string Unknown = "of unknown version";

    /// <summary>The version in <c>at::show_config()</c>, "of unknown version" where it cannot be asked.</summary>
    /// <param name="library">The loaded libtorch_cpu.</param>
    public static string Of(IntPtr library)
    {
        // The function returns a std::string through a hidden pointer, which only on x64 is an ordinary first argument.
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64
            || !NativeLibrary.TryGetExport(library, "_ZN2at11show_configB5cxx11Ev", out var function))
        {
            return Unknown;
        }

        var text = default(CppString);
        ((delegate* unmanaged<CppString*, CppString*>)function)(&text);
        var match = Pattern().Match(Encoding.UTF8.GetString(text.Start, checked((int)text.Length)));
        return match.Success ? match.Groups["version"].Value : Unknown;
    }

    [GeneratedRegex(@"TORCH_VERSION=(?<version>[^,\s]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();

    /// <summary>The layout of libstdc++'s std::string since GCC 5.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct CppString
    {
        public byte* Start;
        public nuint Length;
        public fixed byte Local[16];
    }
}
