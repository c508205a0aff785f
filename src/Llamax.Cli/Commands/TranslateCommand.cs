using System.CommandLine;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Llamax.Models.Branches;
using Llamax.Models.Hub;
using Llamax.Text.Files;
using Llamax.Text.Prompts;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax translate</c>: one line out per line in, in the same order.</summary>
internal static class TranslateCommand
{
    private static readonly TranslationOptions Defaults = new();

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Command Create()
    {
        var search = new SearchArguments(new GenerationOptions().Beams);
        var from = new Option<string>("--from") { Description = "Language of the input, such as en.", Required = true };
        var to = new Option<string>("--to") { Description = "Language to translate into.", Required = true };
        var via = new Option<string?>("--via") { Description = "A language to go through: two translations, one after the other." };
        var input = new Argument<string?>("INPUT") { Description = "A text file, one sentence per line; standard input where absent.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { Description = "Where to write; an interrupted run goes on where it stopped.", HelpName = "FILE" };
        var batchTokens = new Option<int>("--batch-tokens")
        {
            Description = "Sentences are computed together while the tokens of their prompts stay within this.",
            DefaultValueFactory = _ => new GenerationOptions().BatchTokens,
        };
        var template = new Option<string?>("--template")
        {
            Description = $"Prompt template: {string.Join(", ", PromptTemplate.Names)}, or a file; that of the model's family where it is not given.",
            HelpName = "NAME|FILE",
        };
        var flow = new Option<string>("--flow")
        {
            Description = "Which branches of Lego-MT translate: mix (the multilingual ones), enc (the source's encoder), dec (the target's decoder), both, or auto: a language's own where it is there.",
            DefaultValueFactory = _ => "auto",
        };
        flow.AcceptOnlyFromAmong("auto", "mix", "enc", "dec", "both");
        var nBest = new Option<int>("--n-best") { Description = "With --json: hypotheses per line.", DefaultValueFactory = _ => 1 };
        var sentenceTokens = new Option<int>("--sentence-tokens")
        {
            Description = "Lines of more tokens are cut into sentences.",
            DefaultValueFactory = _ => Defaults.SentenceTokens,
        };
        var loopNgram = new Option<int>("--loop-ngram")
        {
            Description = "Output that goes round in circles is searched for anew with no so many tokens twice; 0 leaves it.",
            DefaultValueFactory = _ => Defaults.LoopNgram,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object per line, with scores, hypotheses and what happened." };
        var command = new Command("translate", "Translates text line by line.") { input };
        search.AddTo(command);
        foreach (var option in new Option[] { from, to, via, output, batchTokens, template, flow, nBest, sentenceTokens, loopNgram, json })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            ArgumentChecks.Refuse(parsed, parsed.GetValue(json) ? [] : [nBest], "says how many hypotheses --json prints, which is not given");
            var job = new Job(
                LocalModel.Find(parsed.GetValue(search.Model)!), parsed.GetValue(from)!, parsed.GetValue(to)!,
                parsed.GetValue(input) is "-" ? null : parsed.GetValue(input), parsed.GetValue(output), parsed.GetValue(json),
                new TranslationOptions
                {
                    Generation = search.Options(parsed, parsed.GetValue(batchTokens), parsed.GetValue(nBest)),
                    Via = parsed.GetValue(via),
                    SentenceTokens = parsed.GetValue(sentenceTokens),
                    LoopNgram = parsed.GetValue(loopNgram),
                });
            job.Options.Validate();
            Translator.CheckLanguages(job.From, job.To, job.Options.Via);
            var prompt = parsed.GetValue(template) is { } named ? PromptTemplate.Find(named) : null;
            await using var source = OpenInput(job);
            using var translator = Translator.Load(job.Model, prompt, search.Type(parsed), search.Device(parsed), TokenizerArguments.Note,
                Enum.Parse<BranchFlow>(parsed.GetValue(flow)!, ignoreCase: true));
            search.Announce(parsed);
            if (job.Output is null)
            {
                await using var stdout = new StreamWriter(StandardStreams.OpenOutput());
                await RunAsync(job, source, translator, 0, WriteAsync, cancellationToken);
                return ExitCodes.Done;

                async Task WriteAsync(IEnumerable<string> lines, CancellationToken token)
                {
                    await stdout.WriteAsync(string.Concat(lines.Select(line => line + "\n")).AsMemory(), token);
                    await stdout.FlushAsync(token);
                }
            }

            var settings = Settings(job, translator.Model.Wording, search.Type(parsed).ToString());
            await using var file = ResumableOutput.Open(job.Output, settings, resume: job.Input is not null);
            await RunAsync(job, source, translator, file.FinishedLines, file.WriteAsync, cancellationToken);
            file.Complete();
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        Job job, Stream source, Translator translator, long skip, Func<IEnumerable<string>, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        using var text = new StreamReader(source);
        var reader = new LineReader(text, job.Input ?? "standard input");
        while (reader.Count < skip && await reader.ReadAsync(cancellationToken) is not null)
        {
        }

        if (skip > 0)
        {
            await Console.Error.WriteLineAsync($"continuing behind line {skip:N0}");
        }

        var isTyped = job.Input is null && !Console.IsInputRedirected;
        var progress = new TranslationProgress(
            source.CanSeek ? source : null, reader, Console.Error, TimeProvider.System, live: !Console.IsErrorRedirected && !isTyped);
        var (groups, first) = (new LineGroups(reader), reader.Count + 1);
        while (await groups.ReadAsync(cancellationToken) is { Count: > 0 } lines)
        {
            var (began, loaded) = (Stopwatch.GetTimestamp(), translator.Model.LoadingTime);
            progress.Begin(lines.Count);
            var translated = await translator.TranslateAsync(lines, job.From, job.To, job.Options, first, progress, cancellationToken);
            await write(translated.Select(result => job.Json ? ToJson(result) : result.Text), cancellationToken);
            progress.Add(first, translated);
            groups.Took(lines.Count, Stopwatch.GetElapsedTime(began), translator.Model.LoadingTime - loaded);
            first += lines.Count;
        }

        progress.Finish();
    }

    private static string ToJson(TranslatedText result) => JsonSerializer.Serialize(
        new
        {
            result.Source,
            result.Pivot,
            Translation = result.Text,
            result.Hypotheses[0].Score,
            result.Hypotheses[0].Tokens,
            result.Hypotheses[0].Complete,
            Hypotheses = result.Hypotheses.Count > 1 ? result.Hypotheses : null,
            Events = result.Events.Count > 0 ? result.Events : null,
        },
        Json);

    private static Stream OpenInput(Job job)
    {
        if (Directory.Exists(job.Output))
        {
            throw new LlamaxException($"--output {job.Output} is a folder: name a file.");
        }

        if (job.Input is null)
        {
            return Console.OpenStandardInput();
        }

        if (!File.Exists(job.Input))
        {
            throw new LlamaxException($"{job.Input}: there is no such file.");
        }

        if (job.Output is not null && ResumableOutput.NamesFor(Path.GetFullPath(job.Output)) is var (partial, settings)
            && Path.GetFullPath(job.Input) is var read && (read == Path.GetFullPath(job.Output) || read == partial || read == settings))
        {
            throw new LlamaxException($"{job.Input} is the input, and --output {job.Output} would write over it: give another name.");
        }

        return File.OpenRead(job.Input);
    }

    /// <summary>Everything that a line of the output depends on.</summary>
    private static string Settings(Job job, string prompt, string type)
    {
        var input = job.Input is null ? default : FileStamp.Of(job.Input);
        return JsonSerializer.Serialize(
            new
            {
                Input = job.Input is null ? "standard input" : $"{Path.GetFullPath(job.Input)} {input.Length} {input.ChangedUtc:O}",
                Model = Path.GetFullPath(job.Model),
                job.From,
                job.To,
                job.Options.Via,
                job.Options.SentenceTokens,
                job.Options.LoopNgram,
                Options = job.Options.Generation with { BatchTokens = 1 }, // Results do not depend on it.
                Prompt = prompt,
                Type = type,
                job.Json,
                Weights = ModelStamp.Of(job.Model),
            },
            Json);
    }

    private sealed record Job(
        string Model, string From, string To, string? Input, string? Output, bool Json, TranslationOptions Options);
}
