using System.CommandLine;
using Llamax.Models;
using Llamax.Models.Hub;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax generate</c>: what a model writes after a prompt.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var search = new SearchArguments(defaultBeams: 1);
        var file = new Argument<string?>("FILE") { Description = "A file with the prompt; standard input where neither it nor --prompt is given.", Arity = ArgumentArity.ZeroOrOne };
        var prompt = new Option<string?>("--prompt") { Description = "The prompt itself.", HelpName = "TEXT" };
        var template = new Option<string?>("--template") { Description = "Take the prompt as an instruction and word it by this template.", HelpName = "NAME|FILE" };
        var temperature = new Option<double?>("--temperature")
        {
            Description = "Draw the tokens instead of searching for the likeliest text: 1 as the model has them, less for likelier ones.",
        };
        var topK = new Option<int?>("--top-k") { Description = "Draw the tokens, from this many of the likeliest only." };
        var topP = new Option<double?>("--top-p") { Description = "Draw the tokens, from the likeliest that together reach this probability." };
        var seed = new Option<long?>("--seed") { Description = "Draw the tokens; the same seed gives the same text. 42 where it is not given." };
        var stop = new Option<string[]>("--stop") { Description = "Ends the text where it would write this; may be given several times.", HelpName = "TEXT" };
        var command = new Command("generate", "Lets a model go on from a prompt, by search or by drawing tokens, which are printed as they come.") { file, prompt, template, temperature, topK, topP, seed, stop };
        search.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetValue(prompt) ?? await ReadAsync(parsed.GetValue(file), cancellationToken);
            var folder = LocalModel.Find(parsed.GetValue(search.Model)!);
            var options = search.Options(parsed);
            var sampling = Sampling(parsed.GetValue(temperature), parsed.GetValue(topK), parsed.GetValue(topP), parsed.GetValue(seed), options);
            var worded = parsed.GetValue(template) is { } name ? PromptTemplate.Find(name) : null;
            var config = ConfigFile.Read(folder);
            var tokenizer = TokenizerArguments.Open(folder);
            ModelFolder.CheckTokenizer(config, tokenizer);
            using var model = ModelFolder.Load(folder, search.Type(parsed), search.Device(parsed));
            var ids = worded is null ? PromptEncoder.EncodeText(text, tokenizer) : PromptEncoder.Encode(worded, text, "", tokenizer);
            search.Announce(parsed);
            var ends = EndTokens.Read(folder, config);
            var strings = parsed.GetValue(stop) ?? [];
            var stops = strings.Length == 0 ? null : new StopStrings(tokenizer, strings);
            StopTest? test = stops is null ? null : stops.IsAtEnd;
            if (sampling is null)
            {
                var found = new BeamSearch(model, ends) { Stop = test }.Generate([ids], options, cancellationToken)[0][0].Decode(tokenizer);
                Console.WriteLine(stops?.Cut(found) ?? found);
                return ExitCodes.Done;
            }

            var printer = new TextPrinter(tokenizer, Console.Out, strings);
            new SamplingSearch(model, ends) { Stop = test }.Generate(ids, sampling, printer.Add, cancellationToken);
            printer.Finish();
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>How to draw, or null where no option of drawing is given.</summary>
    private static SamplingOptions? Sampling(double? temperature, int? topK, double? topP, long? seed, GenerationOptions search)
    {
        if (temperature is null && topK is null && topP is null && seed is null)
        {
            return null;
        }

        if (search.Beams > 1)
        {
            throw new LlamaxException("--beams searches, and --temperature, --top-k, --top-p and --seed draw: leave out the one or the others.");
        }

        var defaults = new SamplingOptions();
        var sampling = defaults with
        {
            Temperature = temperature ?? defaults.Temperature,
            TopK = topK ?? defaults.TopK,
            TopP = topP ?? defaults.TopP,
            Seed = seed ?? defaults.Seed,
            MaxNewTokens = search.MaxNewTokens,
            RepetitionPenalty = search.RepetitionPenalty,
            NoRepeatNgram = search.NoRepeatNgram,
        };
        sampling.Validate();
        return sampling;
    }

    private static async Task<string> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        if (file is null or "-")
        {
            return (await Console.In.ReadToEndAsync(cancellationToken)).TrimEnd('\n');
        }

        return File.Exists(file)
            ? (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\n')
            : throw new LlamaxException($"{file}: there is no such file.");
    }
}
