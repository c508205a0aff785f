using System.Reflection;
using System.Runtime.InteropServices;
using Llamax.Text.Files;
using TorchSharp;

namespace Llamax.Models.Native;

/// <summary>
/// Finds libtorch and loads it once per process, before TorchSharp's own loader looks for it. In this order: the folder
/// named by <c>LLAMAX_LIBTORCH</c>, the folder of the program, the package folder that the build recorded.
/// </summary>
public static class LibTorch
{
    /// <summary>The version that the build was made and tested with; others are tried with a warning.</summary>
    public const string ExpectedVersion = "2.10";

    private static readonly Lazy<string> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The folder that libtorch was loaded from.</summary>
    /// <exception cref="LlamaxException">It cannot be loaded.</exception>
    public static string Directory => Loaded.Value;

    /// <summary>The version that the loaded libtorch states.</summary>
    public static string Version => torch.__version__;

    /// <summary>Loads libtorch where that has not happened yet. Call it before the first tensor.</summary>
    /// <exception cref="LlamaxException">It cannot be found or loaded; the message says what to install or set.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static string Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            return AppContext.BaseDirectory; // The platform's package lies beside the program; TorchSharp finds it.
        }

        var folder = FindFolder();
        foreach (var library in new[] { "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so" })
        {
            var file = Path.Combine(folder, library);
            if (File.Exists(file))
            {
                LoadOrExplain(file);
            }
        }

        var bindings = LoadBindings();
        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly,
            (name, _, _) => name.Contains("LibTorchSharp", StringComparison.Ordinal) ? bindings : IntPtr.Zero);
        return folder;
    }

    private static string FindFolder()
    {
        var named = Environment.GetEnvironmentVariable("LLAMAX_LIBTORCH");
        if (!string.IsNullOrEmpty(named))
        {
            // An installed PyTorch is named by its package folder as often as by the lib folder inside it.
            return new[] { named, Path.Combine(named, "lib"), Path.Combine(named, "torch", "lib") }.FirstOrDefault(HasLibTorch)
                ?? throw new LlamaxException(
                    $"LLAMAX_LIBTORCH={named}: libtorch_cpu.so is not in that folder nor in its lib folder. Set it to the "
                    + "lib folder of an installed PyTorch (python3 -c \"import torch; print(torch.__path__[0] + '/lib')\"), or unset it.");
        }

        var recorded = typeof(LibTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "LibTorchDirectory")?.Value;
        return new[] { AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"), recorded }
            .FirstOrDefault(HasLibTorch)
            ?? throw new LlamaxException(
                $"libtorch was not found{(recorded is null ? "" : $" in {recorded}, where the build saw it")}. Build Llamax again "
                + "(dotnet build restores the package libtorch-cpu-linux-x64), or set LLAMAX_LIBTORCH to the lib folder of an installed PyTorch.");
    }

    private static bool HasLibTorch(string? folder) => folder is not null && File.Exists(Path.Combine(folder, "libtorch_cpu.so"));

    private static IntPtr LoadOrExplain(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException exception)
        {
            throw new LlamaxException(
                $"{file} does not load: {Reason(exception)}. Run `llamax doctor` to see what this machine lacks, or set "
                + "LLAMAX_LIBTORCH to the lib folder of an installed PyTorch.", exception);
        }
    }

    /// <summary>Loads TorchSharp's C++ half, mended where the machine's libstdc++ is older than the compiler it was built with.</summary>
    private static IntPtr LoadBindings()
    {
        var file = new[]
            {
                Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"),
                Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"),
            }.FirstOrDefault(File.Exists)
            ?? throw new LlamaxException($"libLibTorchSharp.so is not beside {AppContext.BaseDirectory}. Build Llamax again.");
        if (NativeLibrary.TryLoad(file, out var handle))
        {
            return handle;
        }

        var bytes = File.ReadAllBytes(file);
        if (!ElfSymbolVersions.MarkWeak(bytes, "GLIBCXX_3.4.32"))
        {
            return LoadOrExplain(file);
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var key = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16];
        var mended = Path.Combine(cache, "llamax", "native", key, "libLibTorchSharp.so");
        if (!File.Exists(mended) || new FileInfo(mended).Length != bytes.Length)
        {
            AtomicFile.Write(mended, stream => stream.Write(bytes));
        }

        return LoadOrExplain(mended);
    }

    private static string Reason(DllNotFoundException exception) =>
        exception.Message.Split('\n').FirstOrDefault(line => line.Contains(".so", StringComparison.Ordinal))?.Trim().TrimEnd('.')
        ?? exception.Message;
}
