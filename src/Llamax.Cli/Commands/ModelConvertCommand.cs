using System.CommandLine;
using System.Diagnostics;
using Llamax.Models.Checkpoints.Converting;
using static TorchSharp.torch;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax model convert IN OUT</c>: a model as safetensors, in another number type, shard size or vocabulary.</summary>
internal static class ModelConvertCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "A model folder with safetensors or PyTorch .bin weights, the name of a model that was pulled, or a single such file or Lightning .ckpt." };
        var output = new Argument<string>("OUT") { Description = "The folder to write: new, empty, or what an interrupted run of the same command left." };
        var type = new Option<string?>("--dtype") { Description = "Number type of the weights (default: as stored): float32, bfloat16, float16.", HelpName = "TYPE" };
        type.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
        var shard = new Option<string>("--shard-size") { Description = "The longest weight file, for example 500MB or 4GiB.", HelpName = "SIZE", DefaultValueFactory = _ => "5GB" };
        var vocabulary = new Option<int?>("--vocabulary") { Description = "Rows of the embedding and the output; new ones are the mean of the old (default: as they are).", HelpName = "N" };
        output.WritesFolder();
        vocabulary.Within(1);
        var command = new Command("convert", "Writes a model of any format that can be read as safetensors, without holding it in memory.") { input, output, type, shard, vocabulary };
        command.SetAction((parsed, cancellation) =>
        {
            var converter = new ModelConverter(NamedModel.Find(parsed.GetValue(input)!), parsed.GetValue(output)!, new ConvertOptions
            {
                Type = parsed.GetValue(type) switch
                {
                    "float32" => ScalarType.Float32,
                    "bfloat16" => ScalarType.BFloat16,
                    "float16" => ScalarType.Float16,
                    _ => null,
                },
                ShardBytes = ByteSize.Parse(parsed.GetValue(shard)!)
                    ?? throw new LlamaxException($"--shard-size '{parsed.GetValue(shard)}' is no size; it is a number with a unit, for example 5GB, 500MB or 4GiB."),
                Vocabulary = parsed.GetValue(vocabulary),
            });
            var progress = new Progress();
            var result = converter.Convert(progress, cancellation);
            progress.Finish();
            foreach (var note in result.Notes)
            {
                Console.Error.WriteLine($"{parsed.GetValue(input)}: {note}");
            }

            Console.Error.WriteLine($"{parsed.GetValue(output)}: {result.Tensors:N0} tensors, {ByteSize.Of(result.Bytes)} in {result.Files.Count} file{(result.Files.Count == 1 ? "" : "s")}");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
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
            var left = rate > 0 ? (value.Total - value.Done) / rate : 0;
            Console.Error.Write($"\r{ByteSize.Of(value.Done)} of {ByteSize.Of(value.Total)}  {ByteSize.Of((long)rate)}/s  {Duration.Of(left)} left   ");
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
