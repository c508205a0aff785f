using System.Reflection;
using System.Runtime.InteropServices;
using Llamax.Text.Files;
using TorchSharp;

namespace Llamax.Models.Native;

/// <summary>
/// Finds libtorch and loads it once per process, before TorchSharp's own loader looks for it. In this order: the folder
/// named by <c>LLAMAX_LIBTORCH</c>, the folder of the program, the package folder that the build recorded.
/// </summary>
public static partial class LibTorch
{
    /// <summary>The version that the build was made and tested with; others are tried with a warning.</summary>
    public const string ExpectedVersion = "2.10";

    private static readonly Lazy<Library> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The folder that libtorch was loaded from.</summary>
    /// <exception cref="LlamaxException">It cannot be loaded.</exception>
    public static string Directory => Loaded.Value.Folder;

    /// <summary>The version that the loaded libtorch itself states, for example <c>2.10.0</c>.</summary>
    /// <exception cref="LlamaxException">It cannot be loaded.</exception>
    public static string Version => Loaded.Value.Version;

    /// <summary>A sentence naming both versions where another one than the expected is loaded; otherwise null.</summary>
    /// <exception cref="LlamaxException">It cannot be loaded.</exception>
    public static string? VersionWarning => Mismatch(Loaded.Value.Version, Loaded.Value.Folder);

    /// <summary>Loads libtorch where that has not happened yet. Call it before the first tensor.</summary>
    /// <exception cref="LlamaxException">It cannot be found or loaded; the message says what to install or set.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>The address of a function of libtorch or of what it is linked with, or zero.</summary>
    internal static IntPtr FindFunction(string name) =>
        Loaded.Value.Cpu != 0 && NativeLibrary.TryGetExport(Loaded.Value.Cpu, name, out var address) ? address : 0;

    /// <summary>What <see cref="VersionWarning"/> says of a version.</summary>
    internal static string? Mismatch(string version, string folder) =>
        version.StartsWith($"{ExpectedVersion}.", StringComparison.Ordinal)
            ? null
            : $"libtorch {version} in {folder} is another version than {ExpectedVersion}.x, which Llamax was built and tested with; it is tried.";

    private static Library Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            // The platform's package lies beside the program; TorchSharp finds it.
            return new Library(AppContext.BaseDirectory, 0, torch.__version__);
        }

        LetThreadsSleep();
        var folder = FindFolder();
        var cpu = IntPtr.Zero;
        foreach (var library in new[] { "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so" })
        {
            var file = Path.Combine(folder, library);
            if (File.Exists(file))
            {
                var handle = LoadOrExplain(file);
                cpu = library == "libtorch_cpu.so" ? handle : cpu;
            }
        }

        var version = TorchVersion.Of(cpu);
        if (Mismatch(version, folder) is { } warning)
        {
            Console.Error.WriteLine($"llamax: {warning}");
        }

        var bindings = LoadBindings();
        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly,
            (name, _, _) => name.Contains("LibTorchSharp", StringComparison.Ordinal) ? bindings : IntPtr.Zero);
        return new Library(folder, cpu, version);
    }

    /// <summary>
    /// libtorch's OpenMP threads spin for milliseconds when they wait for work, which takes the cores from every other
    /// process: two trainings side by side ran at a tenth of their pace. 5,000 rounds bridge the gap between two kernels
    /// as well. GNU's OpenMP reads the variable once, when it is loaded; what the user has set stays.
    /// </summary>
    private static void LetThreadsSleep()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = SetVariable("GOMP_SPINCOUNT", "5000", overwrite: 0);
        }
    }

    /// <summary>The C library's own: .NET keeps its environment to itself.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

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

    private sealed record Library(string Folder, IntPtr Cpu, string Version);
}
