using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Llamax.Models.Checkpoints.Converting;
using static TorchSharp.torch;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax model convert IN OUT</c>: a model as safetensors, in another number type, shard size or vocabulary.</summary>
internal static class ModelConvertCommand
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ];

    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "A model folder with safetensors or PyTorch .bin weights, or a single such file or Lightning .ckpt." };
        var output = new Argument<string>("OUT") { Description = "The folder to write: new, empty, or what an interrupted run of the same command left." };
        var type = new Option<string?>("--dtype") { Description = "Number type of the weights (default: as stored): float32, bfloat16, float16.", HelpName = "TYPE" };
        type.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
        var shard = new Option<string>("--shard-size") { Description = "The longest weight file, for example 500MB or 4GiB.", HelpName = "SIZE", DefaultValueFactory = _ => "5GB" };
        var vocabulary = new Option<int?>("--vocabulary") { Description = "Rows of the embedding and the output; new ones are the mean of the old (default: as they are).", HelpName = "N" };
        var command = new Command("convert", "Writes a model of any format that can be read as safetensors, without holding it in memory.") { input, output, type, shard, vocabulary };
        command.SetAction((parsed, cancellation) =>
        {
            var converter = new ModelConverter(parsed.GetValue(input)!, parsed.GetValue(output)!, new ConvertOptions
            {
                Type = parsed.GetValue(type) switch
                {
                    "float32" => ScalarType.Float32,
                    "bfloat16" => ScalarType.BFloat16,
                    "float16" => ScalarType.Float16,
                    _ => null,
                },
                ShardBytes = Size(parsed.GetValue(shard)!),
                Vocabulary = parsed.GetValue(vocabulary),
            });
            var progress = new Progress();
            var result = converter.Convert(progress, cancellation);
            progress.Finish();
            foreach (var note in result.Notes)
            {
                Console.Error.WriteLine($"{parsed.GetValue(input)}: {note}");
            }

            Console.Error.WriteLine($"{parsed.GetValue(output)}: {result.Tensors:N0} tensors, {result.Bytes / 1e9:F2} GB in {result.Files.Count} file{(result.Files.Count == 1 ? "" : "s")}");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    /// <summary>Bytes of a size with a unit, or a plain number of bytes.</summary>
    private static long Size(string text)
    {
        var (unit, bytes) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        return decimal.TryParse(text.AsSpan(0, text.Length - (unit?.Length ?? 0)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number < 1e15m && number * Math.Max(bytes, 1) is >= 1 and <= long.MaxValue and var size
            ? (long)size
            : throw new LlamaxException($"--shard-size '{text}' is no size; it is a number with a unit, for example 5GB, 500MB or 4GiB.");
    }

    /// <summary>Rate and time left on standard error, where that is a terminal.</summary>
    private sealed class Progress : IProgress<ConvertProgress>
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private TimeSpan shown;

        public void Report(ConvertProgress value)
        {
            if (Console.IsErrorRedirected || (value.Done < value.Total && watch.Elapsed - shown < TimeSpan.FromMilliseconds(200)))
            {
                return;
            }

            shown = watch.Elapsed;
            var rate = (value.Done - value.Kept) / Math.Max(watch.Elapsed.TotalSeconds, 1e-3);
            var left = rate > 0 ? TimeSpan.FromSeconds((value.Total - value.Done) / rate) : TimeSpan.Zero;
            Console.Error.Write($"\r{value.Done / 1e9:F2} of {value.Total / 1e9:F2} GB  {rate / 1e6:F0} MB/s  {left:hh\\:mm\\:ss} left   ");
        }

        public void Finish()
        {
            if (shown > TimeSpan.Zero)
            {
                Console.Error.WriteLine();
            }
        }
    }
}
