using System.CommandLine;
using Llamax.Corpora.Dictionaries;
using Llamax.Text.Languages;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax lexicon show</c>: a word's translations and where they come from.</summary>
internal static class LexiconShowCommand
{
    public static Command Create()
    {
        var file = LexiconCommand.FileArgument();
        var language = new Argument<string>("LANG") { Description = "The word's language." };
        var word = new Argument<string>("WORD") { Description = "The word." };
        var json = new Option<bool>("--json") { Description = "The translations as JSON." };
        var command = new Command("show", "Prints a word's translations, the dictionaries that have them, and over two hops the word between.") { file, language, word, json };
        command.SetAction(parsed =>
        {
            using var lexicon = MultilingualLexicon.Open(parsed.GetRequiredValue(file));
            var code = LanguageRegistry.Default.Get(parsed.GetRequiredValue(language)).Code;
            var paths = new List<LexiconPath>();
            lexicon.Explain(code, LowerCase.For(code).Of(parsed.GetRequiredValue(word)), paths);
            if (paths.Count == 0)
            {
                Console.Error.WriteLine(lexicon.Languages.Contains(code, StringComparer.Ordinal)
                    ? $"The lexicon has no translation of '{parsed.GetRequiredValue(word)}' ({code})."
                    : $"The lexicon has no word of '{code}'; it has those of {string.Join(", ", lexicon.Languages)}.");
            }

            Console.Out.Write(parsed.GetValue(json) ? JsonOutput.Of(paths.Select(Row)) : paths.Count > 0 ? Table(paths) : "");
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Table(List<LexiconPath> paths) => TextTable.Of("l",
    [
        ["language", "translation", "through", "dictionary"],
        .. paths.Select(path => new[]
        {
            path.Translation.Language, path.Translation.Word, path.Through is { } step ? $"{step.Word} ({step.Language})" : "",
            Name(path.Dictionary) + (path.Second is { } second ? $", {Name(second)}" : ""),
        }.Select(VisibleText.Of).ToArray()),
    ]);

    private static object Row(LexiconPath path) => new
    {
        path.Translation.Language,
        path.Translation.Word,
        Through = path.Through is { } step ? new { step.Language, step.Word } : null,
        Dictionaries = new[] { Name(path.Dictionary), path.Second is { } second ? Name(second) : null }.OfType<string>(),
    };

    private static string Name(DictionaryFile file) => $"{file.From}-{file.To} {file.Name}".TrimEnd();
}
