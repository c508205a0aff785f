using System.Diagnostics;
using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Checkpoints;

public sealed class LoadingMemoryTests(ITestOutputHelper output)
{
    private const int Tensors = 16;
    private const long Rows = 4096, Columns = 4096; // 64 MiB each, 1 GiB together.

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_gibibyte_takes_the_model_and_no_more_than_one_tensor(ScalarType type)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var folder = new TemporaryFolder();
        using (var scope = NewDisposeScope())
        {
            var one = rand(Rows, Columns);
            SafetensorsWriter.Write(folder.File("model.safetensors"), Enumerable.Range(0, Tensors).Select(i => ($"t{i}", one)));
        }

        using var weights = WeightFiles.Open(folder.Path);
        using var outer = NewDisposeScope();
        var targets = Enumerable.Range(0, Tensors).Select(i => ($"t{i}", empty([Rows, Columns], type))).ToList();
        var before = Status("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5"); // The peak starts anew.
        var watch = Stopwatch.StartNew();
        weights.CopyTo(targets);
        var peak = Status("VmHWM") - before;
        var model = Tensors * Rows * Columns * SafetensorsTypes.Size(type);
        output.WriteLine($"{type}: peak {peak >> 20} MiB for a model of {model >> 20} MiB, {watch.Elapsed.TotalSeconds:F2} s");
        Assert.InRange(peak, model / 2, model + (Rows * Columns * sizeof(float)));
    }

    private static long Status(string key) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) << 10;
}
