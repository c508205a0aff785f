using System.CommandLine;
using Llamax.Models.Hub;
using Llamax.Text.Prompts;
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
        var stop = new Option<string[]>("--stop") { Description = "Ends the text where it would write this; may be given several times.", HelpName = "TEXT" };
        var command = new Command("generate", "Lets a model go on from a prompt, by search or by drawing tokens; with one beam the text is printed as it comes.") { file, prompt, template, stop };
        search.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(prompt) is not null && parsed.GetValue(file) is not null)
            {
                throw new LlamaxException("Both --prompt and a file give the prompt: leave out the one or the other.");
            }

            var text = parsed.GetValue(prompt) ?? await ReadAsync(parsed.GetValue(file), cancellationToken);
            var options = search.Options(parsed);
            var worded = parsed.GetValue(template) is { } name ? PromptTemplate.Find(name) : null;
            using var model = TextModel.Load(
                LocalModel.Find(parsed.GetValue(search.Model)!), search.Type(parsed), search.Device(parsed), TokenizerArguments.Note);
            search.Announce(parsed);
            var strings = parsed.GetValue(stop) ?? [];
            var stops = strings.Length == 0 ? null : new StopStrings(model.Tokenizer, strings);
            StopTest? test = stops is null ? null : stops.IsAtEnd;
            var asked = model.Encode(text, worded);
            await using var output = new StreamWriter(StandardStreams.OpenOutput());
            if (options.Beams > 1)
            {
                var found = model.Search(test).Generate([asked], options, cancellationToken: cancellationToken)[0][0].Decode(model.Tokenizer);
                await output.WriteAsync((stops?.Cut(found) ?? found) + "\n");
                return ExitCodes.Done;
            }

            var printer = new TextPrinter(model.Tokenizer, output, strings);
            model.Search(test, (_, token) => printer.Add(token)).Generate([asked], options, cancellationToken: cancellationToken);
            printer.Finish();
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<string> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        if (file is null or "-")
        {
            // .NET's console does not look at the token once it waits for input.
            using var input = new StreamReader(Console.OpenStandardInput());
            return WithoutLineEnd(await input.ReadToEndAsync(cancellationToken).WaitAsync(cancellationToken));
        }

        return File.Exists(file)
            ? WithoutLineEnd(await File.ReadAllTextAsync(file, cancellationToken))
            : throw new LlamaxException(Directory.Exists(file) ? $"{file} is a folder. Name a file with the prompt." : $"{file}: there is no such file.");
    }

    /// <summary>A file's last line has an end, which is not part of the prompt; what more there is was meant.</summary>
    private static string WithoutLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
