namespace Llamax.Text.Languages;

/// <summary>Reads the table of languages: tab-separated, one language a line, a header line with the column names.</summary>
internal static class LanguageTable
{
    private const string Resource = "Llamax.Text.Languages.languages.tsv";

    public static IReadOnlyList<Language> ReadEmbedded()
    {
        using var stream = typeof(LanguageTable).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return Read(reader, "languages.tsv");
    }

    public static IReadOnlyList<Language> Read(TextReader reader, string source)
    {
        var header = (reader.ReadLine() ?? "").Split('\t');
        var languages = new List<Language>();
        for (var number = 2; reader.ReadLine() is { } line; number++)
        {
            var cells = line.Split('\t');
            if (cells.Length != header.Length)
            {
                throw new LlamaxException(
                    $"{source}, line {number}: {cells.Length} tab-separated columns where the header has {header.Length}.");
            }

            languages.Add(new Row(header, cells, $"{source}, line {number}").ToLanguage());
        }

        return languages;
    }

    private sealed record Row(string[] Header, string[] Cells, string Place)
    {
        public Language ToLanguage() => new()
        {
            Code = Required("code"),
            Name = Required("name"),
            PromptName = Text("prompt_name") ?? Required("name"),
            CompatPromptName = Text("compat_prompt_name"),
            Paper = Choice("paper", "yes", "no") ?? false,
            Family = Text("family"),
            Script = Required("script"),
            Flores101 = Text("flores101"),
            Flores200 = Text("flores200"),
            FastTextLabel = Text("fasttext"),
            Mc4 = Text("mc4"),
            Madlad = Text("madlad"),
            Words = Text("words"),
            HighResource = Choice("resource", "high", "low"),
            PaperMonolingual = Number("mono"),
            PaperParallel = Number("parallel"),
            PaperDirections = Number("directions"),
            Aliases = Text("aliases")?.Split(' ') ?? [],
        };

        private string? Text(string column)
        {
            var index = Array.IndexOf(Header, column);
            if (index < 0)
            {
                throw new LlamaxException($"{Place}: the header has no column '{column}'.");
            }

            return Cells[index].Length == 0 ? null : Cells[index];
        }

        private string Required(string column) =>
            Text(column) ?? throw new LlamaxException($"{Place}: the column '{column}' is empty; every language needs it.");

        private bool? Choice(string column, string yes, string no) => Text(column) switch
        {
            null => null,
            var text when text == yes => true,
            var text when text == no => false,
            var text => throw new LlamaxException($"{Place}: '{text}' in column '{column}'; expected '{yes}' or '{no}'."),
        };

        private int? Number(string column) => Text(column) switch
        {
            null => null,
            var text when int.TryParse(text, out var number) && number >= 0 => number,
            var text => throw new LlamaxException($"{Place}: '{text}' in column '{column}'; expected a count."),
        };
    }
}
