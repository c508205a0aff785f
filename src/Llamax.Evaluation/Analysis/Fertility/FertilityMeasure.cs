using System.Globalization;
using System.Text;
using Llamax.Evaluation.Results;
using Llamax.Text.Languages;
using Llamax.Text.Tokenizers;

namespace Llamax.Evaluation.Analysis.Fertility;

/// <summary>Measures fertility: tokens per word (section 3.1 and appendix D of the LLaMAX paper; the appendix states the ratio upside down).</summary>
public static class FertilityMeasure
{
    private static readonly (string Name, FertilityDefinition Definition)[] Definitions =
        [("paper", FertilityDefinition.Paper), ("as-released", FertilityDefinition.AsReleased)];

    /// <summary>What the definitions are called.</summary>
    public static IReadOnlyList<string> Names => [.. Definitions.Select(each => each.Name)];

    /// <summary>What a definition is called.</summary>
    /// <param name="definition">The definition.</param>
    public static string Name(FertilityDefinition definition) => Definitions.First(each => each.Definition == definition).Name;

    /// <summary>The definition of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="LlamaxException">There is none of that name.</exception>
    public static FertilityDefinition Parse(string name) => Array.FindIndex(Definitions, each => each.Name == name) is >= 0 and var at
        ? Definitions[at].Definition
        : throw new LlamaxException($"'{name}' is no definition of fertility; there are {string.Join(", ", Names)}.");

    /// <summary>Measures every tokenizer on every language, several at once; the result does not depend on how many.</summary>
    /// <param name="tokenizers">Tokenizers with the names that results carry.</param>
    /// <param name="lines">Language code → lines.</param>
    /// <param name="definition">What tokens are divided by.</param>
    /// <param name="cancellationToken">Ends the measuring.</param>
    /// <returns>By tokenizer, then by language, in the order given.</returns>
    /// <exception cref="LlamaxException">A language has no line with a word.</exception>
    public static IReadOnlyList<FertilityRow> Measure(
        IReadOnlyList<(string Name, Tokenizer Tokenizer)> tokenizers,
        IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> lines,
        FertilityDefinition definition,
        CancellationToken cancellationToken = default)
    {
        var rows = new FertilityRow[tokenizers.Count * lines.Count];
        var failure = new string?[rows.Length];
        Parallel.For(0, rows.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var (name, tokenizer) = tokenizers[i / lines.Count];
            var (code, text) = lines[i % lines.Count];
            var row = Row(name, tokenizer, LanguageRegistry.Default.Get(code), text, definition);
            (rows[i], failure[i]) = (row, row.Lines == 0 ? row.Name : null);
        });
        return failure.FirstOrDefault(each => each is not null) is { } empty
            ? throw new LlamaxException($"The text in {empty} has no line with a word in it.")
            : rows;
    }

    /// <summary>The rows as comma-separated values, ratios unrounded.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="definition">What they were measured by.</param>
    public static string ToCsv(IEnumerable<FertilityRow> rows, FertilityDefinition definition)
    {
        var text = new StringBuilder("tokenizer,language,name,definition,unit,lines,tokens,units,per_line,per_corpus\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Csv.Quote(row.Tokenizer)},{row.Language},{Csv.Quote(row.Name)},{Name(definition)},{row.Unit},{row.Lines},{row.Tokens},{row.Units},{row.PerLine:R},{row.PerCorpus:R}\n");
        }

        return text.ToString();
    }

    private static FertilityRow Row(string name, Tokenizer tokenizer, Language language, IReadOnlyList<string> lines, FertilityDefinition definition)
    {
        var byCharacter = definition == FertilityDefinition.Paper && language.Words is "chinese" or "japanese";
        var (count, tokens, units, ratios) = (0, 0L, 0L, 0.0);
        var ids = new List<int>();
        foreach (var line in lines)
        {
            var lineUnits = byCharacter ? line.EnumerateRunes().Count() : Words(line);
            if (lineUnits == 0)
            {
                continue;
            }

            ids.Clear();
            tokenizer.Encode(line, ids);
            count++;
            tokens += ids.Count;
            units += lineUnits;
            ratios += (double)ids.Count / lineUnits;
        }

        return new FertilityRow
        {
            Tokenizer = name,
            Language = language.Code,
            Name = language.Name,
            Unit = byCharacter ? "characters" : "words",
            Lines = count,
            Tokens = tokens,
            Units = units,
            PerLine = ratios / count,
            PerCorpus = (double)tokens / units,
        };
    }

    private static int Words(string line)
    {
        var (words, inside) = (0, false);
        foreach (var character in line)
        {
            var isSpace = char.IsWhiteSpace(character);
            words += !isSpace && !inside ? 1 : 0;
            inside = !isSpace;
        }

        return words;
    }
}
