using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Llamax.Models.Branches;
using Llamax.Models.Hub;
using Llamax.Text.Prompts;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax translate</c>: one line out per line in, in the same order.</summary>
internal static class TranslateCommand
{
    private static readonly TranslationOptions Defaults = new();

    public static Command Create()
    {
        var search = new SearchArguments(new GenerationOptions().Beams);
        var from = new Option<string>("--from") { Description = "Language of the input, such as en.", Required = true };
        var to = new Option<string>("--to") { Description = "Language to translate into.", Required = true };
        var via = new Option<string?>("--via") { Description = "A language to go through: two translations, one after the other." };
        var input = new Argument<string?>("INPUT") { Description = "A text file, one sentence per line; standard input where absent.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { Description = "Where to write. The same command goes on where an interrupted run stopped (its lines are in FILE.partial); with standard input if that begins as it did. Pipes and devices are written straight to.", HelpName = "FILE" };
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
        output.WritesFile();
        batchTokens.Within<GenerationOptions>(nameof(GenerationOptions.BatchTokens));
        nBest.Within<GenerationOptions>(nameof(GenerationOptions.Hypotheses));
        sentenceTokens.Within<TranslationOptions>(nameof(TranslationOptions.SentenceTokens));
        loopNgram.Within<TranslationOptions>(nameof(TranslationOptions.LoopNgram));
        var command = new Command("translate", "Translates text line by line.") { input };
        search.AddTo(command);
        foreach (var option in new Option[] { from, to, via, output, batchTokens, template, flow, nBest, sentenceTokens, loopNgram, json })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            ArgumentChecks.Refuse(parsed, parsed.GetValue(json) ? [] : [nBest], "says how many hypotheses --json prints, which is not given");
            var job = new TranslateJob(
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
            await using var source = await Task.Run(job.OpenInput, cancellationToken).WaitAsync(cancellationToken); // Of a pipe, it waits for somebody who writes.
            using var translator = Translator.Load(job.Model, prompt, search.Type(parsed), search.Device(parsed), TokenizerArguments.Note,
                Enum.Parse<BranchFlow>(parsed.GetValue(flow)!, ignoreCase: true));
            search.Announce(parsed);
            if (job.Output is null)
            {
                await using var stdout = StandardStreams.OpenOutput();
                await RunAsync(job, source, translator, null, WriteAsync, cancellationToken);
                return ExitCodes.Done;

                // A reader who stalls holds up the writing, which does not look at the token.
                Task WriteAsync(IEnumerable<string> lines, CancellationToken token, string? input) =>
                    stdout.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), token).AsTask().WaitAsync(token);
            }

            // Opening a pipe waits for somebody who reads it, and does not look at the token.
            var settings = job.Settings(source, translator.Model.Wording, search.TypeName(parsed));
            await using var file = await Task.Run(() => ResumableOutput.Open(job.Output, settings, tellsInput: !source.CanSeek), cancellationToken)
                .WaitAsync(cancellationToken);
            await RunAsync(job, source, translator, file, file.WriteAsync, cancellationToken);
            file.Complete();
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        TranslateJob job, Stream source, Translator translator, ResumableOutput? file, Func<IEnumerable<string>, CancellationToken, string?, Task> write,
        CancellationToken cancellationToken)
    {
        using var text = new StreamReader(source);
        var reader = new LineReader(text, job.InputName);
        using var hash = file is null || source.CanSeek ? null : new LineHash();
        await SkipAsync(job, reader, file, hash, cancellationToken);
        var isTyped = job.Input is null && !Console.IsInputRedirected;
        var progress = new TranslationProgress(
            source.CanSeek ? source : null, reader, Console.Error, TimeProvider.System, live: !Console.IsErrorRedirected && !isTyped);
        var (groups, first) = (new LineGroups(reader), reader.Count + 1);
        try
        {
            while (await groups.ReadAsync(cancellationToken) is { Count: > 0 } lines)
            {
                var (began, loaded) = (Stopwatch.GetTimestamp(), translator.Model.LoadingTime);
                progress.Begin(lines.Count);
                var translated = await translator.TranslateAsync(lines, job.From, job.To, job.Options, first, progress, cancellationToken);
                foreach (var line in hash is null ? [] : lines)
                {
                    hash!.Add(line);
                }

                await write(translated.Select(result => job.Json ? ToJson(result) : result.Text), cancellationToken, hash?.Current);
                progress.Add(first, translated);
                groups.Took(lines.Count, Stopwatch.GetElapsedTime(began), translator.Model.LoadingTime - loaded);
                first += lines.Count;
            }
        }
        catch (OperationCanceledException) when (file is { IsResumable: true })
        {
            await Console.Error.WriteLineAsync(
                $"{(progress.IsLive ? "\n" : "")}interrupted behind line {first - 1:N0}; the same command{(hash is null ? "" : " with the same input")} goes on from there");
            throw;
        }

        progress.Finish();
    }

    /// <summary>Goes to where an earlier run stopped; what cannot be looked at again must begin with the lines that it read.</summary>
    private static async Task SkipAsync(TranslateJob job, LineReader reader, ResumableOutput? file, LineHash? hash, CancellationToken cancellationToken)
    {
        if (file is not { FinishedLines: > 0 and var skip })
        {
            return;
        }

        if (hash is not null)
        {
            await Console.Error.WriteLineAsync(
                $"{file.Partial} has {skip:N0} lines; {job.InputName} must begin with the lines they were made of (remove {file.Partial} to start over)");
        }

        while (reader.Count < skip && await reader.ReadAsync(cancellationToken) is { } line)
        {
            hash?.Add(line);
        }

        if (hash is not null && (reader.Count < skip || hash.Current != file.FinishedInput))
        {
            throw file.OtherInput(job.InputName);
        }

        await Console.Error.WriteLineAsync($"continuing behind line {skip:N0}");
    }

    private static string ToJson(TranslatedText result) => JsonOutput.Line(
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
        });
}
