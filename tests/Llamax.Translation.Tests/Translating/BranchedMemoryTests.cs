using Llamax.Models.Branches;
using Llamax.Testing;
using Llamax.Text.Languages;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Translating;

public sealed class BranchedMemoryTests(ITestOutputHelper output)
{
    private const long Inner = 1 << 18; // 128 MiB a layer, 256 MiB a branch.
    private const long Branch = 2 * 2 * Inner * 64 * sizeof(float);

    [Fact]
    [Trait("Category", "Long")]
    public void Directions_take_the_memory_of_two_branches_one_after_the_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var folder = new TemporaryFolder();
        LegoFolder.Write(folder, withConfig: false);
        foreach (var file in new[] { "encoder_main.pt", "encoder_de.pt", "decoder_m2m.pt", "decoder_zh.pt" })
        {
            LegoFolder.WriteBranch(folder.File(file), (name, weight) =>
                name.EndsWith("fc1.weight", StringComparison.Ordinal) ? zeros(Inner, 64)
                : name.EndsWith("fc1.bias", StringComparison.Ordinal) ? zeros(Inner)
                : name.EndsWith("fc2.weight", StringComparison.Ordinal) ? zeros(64, Inner) : weight);
        }

        GC.Collect();
        using var model = TranslationModel.Load(folder.Path, flow: BranchFlow.Auto);
        var before = Status("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5"); // The peak starts anew.
        foreach (var (from, to) in new[] { ("de", "zh"), ("en", "fr"), ("de", "fr"), ("fr", "zh") })
        {
            var prompt = model.Encode("Tea", LanguageRegistry.Default.Get(from), LanguageRegistry.Default.Get(to));
            model.Generate([prompt], new GenerationOptions { Beams = 1, MaxNewTokens = 2 });
            output.WriteLine($"{from}-{to}: peak {(Status("VmHWM") - before) >> 20} MiB, now {(Status("VmRSS") - before) >> 20} MiB, for two branches of {Branch >> 20} MiB");
        }

        Assert.InRange(Status("VmHWM") - before, 2 * Branch * 9 / 10, 2 * Branch + (Branch / 4));
    }

    private static long Status(string key) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) << 10;
}
