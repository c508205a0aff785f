using System.CommandLine;
using Llamax.Models;
using Llamax.Models.Hub;
using Llamax.Models.Native;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax model info DIR</c>: what a model folder holds.</summary>
internal static class ModelInfoCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A Hugging Face model folder." };
        var json = new Option<bool>("--json") { Description = "Everything as a JSON object." };
        var command = new Command("info", "Shows a model's family, size, memory and tokenizer without loading its weights.") { folder, json };
        command.SetAction(parsed =>
        {
            var name = Path.GetFullPath(LocalModel.Find(parsed.GetRequiredValue(folder)));
            LibTorch.EnsureLoaded();
            var summary = ModelSummary.Read(name);
            var tokenizer = TokenizerFolder.Holds(name) ? TokenizerArguments.Open(name) : null;
            if (parsed.GetValue(json))
            {
                Console.Write(JsonOutput.Of(new { Model = summary, TokenizerEntries = tokenizer?.VocabularySize }, nulls: true));
            }
            else
            {
                Print(summary, tokenizer);
            }

            if (tokenizer is not null)
            {
                ModelFolder.CheckTokenizer(summary.Decoder ?? (StackConfig)summary.Encoder!, tokenizer);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(ModelSummary summary, Tokenizer? tokenizer)
    {
        Line("family", $"{summary.Family} ({summary.FamilyModels})"
            + (summary.Tested ? "" : ", untested: no reference output was at hand, so check what it writes"));
        Line("parameters", $"{summary.Parameters:N0}{(summary.Decoder is { TiedEmbeddings: true } ? ", output tied to the embedding" : "")}");
        foreach (var (name, stack) in new (string, StackConfig?)[] { ("encoder", summary.Encoder), ("decoder", summary.Decoder) })
        {
            if (stack is not null)
            {
                Line(name, $"{stack.Layers} layers, hidden {stack.HiddenSize}, inner {stack.IntermediateSize}, "
                    + $"{stack.Heads} heads of {stack.HeadSize} sharing {stack.KeyValueHeads} keys and values, vocabulary {stack.VocabularySize:N0}");
            }
        }

        if (summary.Branches is { } branches)
        {
            Line("branches", $"{string.Join(", ", branches.Encoders)}; {string.Join(", ", branches.Decoders)}");
            Line("", "two are loaded at a time, as `translate --flow` says; all that is said here is of the first ones");
            Line("", "that a language's branch is named by its code, as encoder_de.pt, is an assumption: the release does not say it");
            if (branches.IsDerived)
            {
                Line("", $"there is no config.json: sizes are the tensors', and {summary.Decoder!.Heads} heads are assumed, as M2M-100 has");
            }
        }

        Line("positions", Positions((StackConfig?)summary.Decoder ?? summary.Encoder!));
        if (summary.Decoder is { } config)
        {
            Line("special ids", $"begin {Id(config.BosId)}, end {(config.EosIds.Count == 0 ? "none" : string.Join(" or ", config.EosIds))}, padding {Id(config.PadId)}");
        }

        Line("stored as", string.Join(", ", summary.StoredBytes.Select(pair => $"{pair.Key} ({ByteSize.Of(pair.Value)})")));
        if (summary.UnusedNote is { } unused)
        {
            Line("not used", unused);
        }

        Line("weights", PerType(summary.WeightBytes));
        if (summary.Decoder is not null)
        {
            Line("cache", $"{PerType(summary.CacheBytesPerToken)}, per token");
        }

        if (summary.Kind != ModelKind.Encoder)
        {
            Line("template", summary.Template ?? "none: languages are told by tokens");
        }

        Line("tokenizer", tokenizer is null ? "none (no tokenizer in the folder)" : $"{tokenizer.VocabularySize:N0} entries");
    }

    private static string Positions(StackConfig stack) => stack.Positions switch
    {
        PositionKind.Distance => $"by distance, {stack.DistanceBuckets} buckets up to {stack.MaximalDistance}",
        PositionKind.Learned => $"{stack.MaxPositions:N0}, learned",
        PositionKind.Sinusoidal => $"{stack.MaxPositions:N0}, sinusoidal",
        _ => $"{stack.MaxPositions:N0}, rotary base {stack.RopeTheta:G}"
            + (stack.RopeScaling is { } scaling ? $", stretched {scaling.Factor:G} times from {scaling.OriginalMaxPositions:N0} (llama3)" : ""),
    };

    private static string Id(int? id) => id?.ToString() ?? "none";

    private static string PerType(IReadOnlyDictionary<string, long> bytes) =>
        string.Join(", ", bytes.Select(pair => $"{ByteSize.Of(pair.Value)} in {pair.Key}"));

    private static void Line(string name, string value) => Console.WriteLine($"{name,-13}{value}");
}
