using CsCheck;
using Llamax.Models.Native;

namespace Llamax.Models.Tests.Native;

public sealed class LibTorchTests
{
    private const string Wanted = "GLIBCXX_3.4.32";

    [Fact]
    public void The_bindings_lose_the_need_for_a_new_libstdcxx()
    {
        var bytes = Bindings();
        var changed = bytes.ToArray();
        Assert.True(ElfSymbolVersions.MarkWeak(changed, Wanted));

        // One flag of two bytes is all that may differ.
        Assert.InRange(bytes.Zip(changed).Count(pair => pair.First != pair.Second), 0, 2);
        Assert.False(ElfSymbolVersions.MarkWeak(changed, "GLIBCXX_9.9.9"));
    }

    [Fact]
    public void Damaged_libraries_are_refused_without_a_crash()
    {
        var bytes = Bindings()[..4096];
        Assert.False(ElfSymbolVersions.MarkWeak(bytes, Wanted));
        Assert.False(ElfSymbolVersions.MarkWeak(new byte[10], Wanted));
        var whole = Bindings();
        Gen.Select(Gen.Int[0x28, 0x3f], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var damaged = whole.ToArray();
                foreach (var (at, value) in changes)
                {
                    damaged[at] = value;
                }

                ElfSymbolVersions.MarkWeak(damaged, Wanted);
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public void The_loaded_library_states_its_version()
    {
        Assert.StartsWith(LibTorch.ExpectedVersion, LibTorch.Version);
        Assert.Null(LibTorch.VersionWarning);
        var warning = LibTorch.Mismatch("2.11.1", "/somewhere");
        Assert.Contains("2.11.1", warning);
        Assert.Contains(LibTorch.ExpectedVersion, warning);
    }

    [Fact]
    public void The_rate_is_that_of_a_computer() => Assert.InRange(MatrixRate.Measure(), 0.5, 1e6);

    private static byte[] Bindings()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(file), "needs the Linux bindings");
        return File.ReadAllBytes(file);
    }
}
