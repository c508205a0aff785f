using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Llamax.Models.Native;

/// <summary>What the machine is, as far as it decides how fast a model runs.</summary>
public static class MachineFacts
{
    /// <summary>The vector and matrix instruction sets that both the processor and .NET know, best known names.</summary>
    public static IReadOnlyList<string> InstructionSets() =>
    [
        .. new (string Name, bool Supported)[]
        {
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported),
            ("AVX-512 VBMI", Avx512Vbmi.IsSupported), ("AVX10.1", Avx10v1.IsSupported), ("AVX10.2", Avx10v2.IsSupported),
            ("NEON", AdvSimd.IsSupported), ("dot product", Dp.IsSupported),
        }.Where(set => set.Supported).Select(set => set.Name),
        .. KernelFlags("avx512_bf16", "avx512_fp16", "avx_vnni", "avx512_vnni", "amx_tile", "amx_bf16", "amx_int8", "sve", "bf16", "i8mm"),
    ];

    /// <summary>Memory of the machine, or of the container's limit where that is lower, in bytes.</summary>
    public static long TotalMemory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Memory that programs, or the container's, may still take, in bytes; null where the system does not say.</summary>
    public static long? AvailableMemory()
    {
        var line = Lines("/proc/meminfo").FirstOrDefault(text => text.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return long.TryParse(line?["MemAvailable:".Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture, out var kilobytes)
            ? Math.Min(kilobytes * 1024, ControlGroup.FreeMemory() ?? long.MaxValue)
            : null;
    }

    /// <summary>The processor's name, or null where the system does not say.</summary>
    public static string? Processor() => Lines("/proc/cpuinfo")
        .FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();

    /// <summary>What .NET has no name for, from the kernel's list.</summary>
    private static IEnumerable<string> KernelFlags(params string[] names)
    {
        var line = Lines("/proc/cpuinfo").FirstOrDefault(text =>
            text.StartsWith("flags", StringComparison.Ordinal) || text.StartsWith("Features", StringComparison.Ordinal));
        var flags = line?.Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal) ?? [];
        return names.Where(flags.Contains);
    }

    private static IEnumerable<string> Lines(string file) => File.Exists(file) ? File.ReadLines(file) : [];
}
