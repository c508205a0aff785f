using System.CommandLine;
using Llamax.Models;
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
        var command = new Command("generate", "Lets a model go on from a prompt.") { file, prompt, template };
        search.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetValue(prompt) ?? await ReadAsync(parsed.GetValue(file), cancellationToken);
            var folder = parsed.GetValue(search.Model)!;
            var options = search.Options(parsed);
            var worded = parsed.GetValue(template) is { } name ? PromptTemplate.Find(name).Render(text, "") : text;
            var config = ConfigFile.Read(folder);
            var tokenizer = TokenizerFolder.Load(folder);
            ModelFolder.CheckTokenizer(config, tokenizer);
            using var model = ModelFolder.Load(folder, search.Type(parsed), search.Device(parsed));
            var ids = PromptEncoder.EncodeText(worded, tokenizer);
            var best = new BeamSearch(model, EndTokens.Read(folder, config)).Generate([ids], options, cancellationToken)[0][0];
            Console.WriteLine(tokenizer.Decode([.. best.Ids.Where(id => id < tokenizer.VocabularySize)]));
            return ExitCodes.Done;
        });
        return command;
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
