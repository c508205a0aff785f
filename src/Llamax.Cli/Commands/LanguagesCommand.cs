using System.CommandLine;
using Llamax.Text.Languages;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax languages</c>: every language and its codes.</summary>
internal static class LanguagesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Everything that is known, as a JSON array." };
        var command = new Command("languages", "Lists the languages and what corpora, benchmarks and tools call them.") { json };
        command.SetAction(parsed =>
        {
            var languages = LanguageRegistry.Default.All;
            Console.Out.Write(parsed.GetValue(json)
                ? JsonOutput.Of(languages)
                : Table(languages));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Table(IReadOnlyList<Language> languages) => TextTable.Of("l",
        [
            ["code", "name", "family", "script", "words", "FLORES-101", "FLORES-200", "fastText", "mC4", "MADLAD", "paper"],
            .. languages.Select(language => new[]
            {
                language.Code, language.Name, language.Family, language.Script, language.Words, language.Flores101,
                language.Flores200, language.FastTextLabel, language.Mc4, language.Madlad,
                language.HighResource switch { true => "high", false => "low", null => null },
            }.Select(cell => cell ?? "-").ToArray()),
        ]);
}
