using System.Text.RegularExpressions;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Readers;

/// <summary>
/// Files of many languages by one pattern: <c>{lang}</c> in it stands for a language's code, <c>{pair}</c> for two codes
/// with a hyphen between, under whichever of their names the files have them (<c>iw</c>, <c>zho_simpl</c>, <c>pt-br</c>).
/// </summary>
public sealed partial class LanguageFiles
{
    /// <summary>Stands for the code of a language.</summary>
    public const string Language = "{lang}";

    /// <summary>Stands for the codes of two languages with a hyphen between.</summary>
    public const string Pair = "{pair}";

    private readonly Dictionary<TextFile, string[]> codesOf = [];
    private readonly Dictionary<TextFile, string> languageOf = [];
    private readonly Dictionary<string, List<TextFile>> files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> unknown = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> names = new(StringComparer.Ordinal);

    /// <summary>Finds the files.</summary>
    /// <param name="pattern">A path as <see cref="TextFile.Find"/> reads it, with <see cref="Language"/> or <see cref="Pair"/> in it.</param>
    /// <param name="languages">The languages wanted; files of others are left alone.</param>
    /// <param name="key">The recipe's key that holds the pattern, for messages; may be empty.</param>
    /// <exception cref="LlamaxException">No file matches.</exception>
    public LanguageFiles(string pattern, IReadOnlyCollection<string> languages, string key = "")
    {
        var expression = Expression(TextFile.Normalize(pattern), languages);
        foreach (var file in TextFile.Find(pattern.Replace(Language, "*", StringComparison.Ordinal).Replace(Pair, "*-*", StringComparison.Ordinal), key))
        {
            if (expression.Match(file.Name) is not { Success: true } match)
            {
                continue;
            }

            string?[] codes = [.. match.Groups["code"].Captures.Select(capture => Resolve(capture.Value, languages)).Distinct(StringComparer.Ordinal)];
            if (Array.TrueForAll(codes, code => code is not null) && codes.Length == (pattern.Contains(Pair, StringComparison.Ordinal) ? 2 : 1))
            {
                var name = codes.Length == 1 ? codes[0]! : string.Join('-', codes.Order(StringComparer.Ordinal));
                (files.TryGetValue(name, out var found) ? found : files[name] = []).Add(file);
                codesOf[file] = [.. codes!];
                if (match.Groups["lang"] is { Success: true } group)
                {
                    languageOf[file] = Resolve(group.Value, languages)!;
                }

                foreach (Capture capture in match.Groups["code"].Captures)
                {
                    var code = Resolve(capture.Value, languages)!;
                    (names.TryGetValue(code, out var known) ? known : names[code] = new(StringComparer.Ordinal)).Add(capture.Value);
                }
            }
        }
    }

    /// <summary>By code, or by the two codes in alphabetical order with a hyphen between, the files, sorted by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TextFile>> Files =>
        files.ToDictionary(each => each.Key, each => (IReadOnlyList<TextFile>)each.Value, StringComparer.Ordinal);

    /// <summary>What stands in the place of a code and is none, with the nearest known code.</summary>
    public IReadOnlyList<string> Unknown => [.. unknown];

    /// <summary>Languages that files have under several names, with these: <c>he (he, iw)</c>.</summary>
    public IReadOnlyList<string> SeveralNames => [.. names.Where(each => each.Value.Count > 1).Select(each => $"{each.Key} ({string.Join(", ", each.Value)})")];

    /// <summary>Whether a path is such a pattern.</summary>
    /// <param name="path">A path.</param>
    public static bool IsPattern(string path) => path.Contains(Language, StringComparison.Ordinal) || path.Contains(Pair, StringComparison.Ordinal);

    /// <summary>The languages of one of the files in the order in which its name has them: that of a table's columns.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    public IReadOnlyList<string> CodesIn(TextFile file) => codesOf[file];

    /// <summary>The language of one of the files, where the pattern has <see cref="Language"/>: of a pair's files each has one.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    public string LanguageOf(TextFile file) => languageOf[file];

    [GeneratedRegex(@"\\\*|\\\?|\\\{lang}|\\\{pair}")]
    private static partial Regex Wildcards();

    /// <summary>
    /// What files' names match. A code is the longest name of a language with which the whole matches, and only where there
    /// is none anything that looks like one: <c>fr</c> in <c>fr_clean_0001.txt</c>, for <c>{lang}_*.txt</c>. It does not end
    /// before a script: <c>zh-Latn</c>, which is Chinese spelled out, is not <c>zh</c>.
    /// </summary>
    private static Regex Expression(string pattern, IEnumerable<string> languages)
    {
        var known = LanguageRegistry.Default.All.Select(language => language.Code).Concat(languages).SelectMany(LanguageNames.Of)
            .Select(name => name.Replace('-', '_').ToLowerInvariant()).Distinct(StringComparer.Ordinal)
            .OrderByDescending(name => name.Length).Select(Regex.Escape).ToList();
        var scripts = LanguageRegistry.Default.All.Select(language => language.Flores200?.Split('_')[1]).OfType<string>().Distinct(StringComparer.Ordinal);
        var whole = $"(?![_-](?i:{string.Join('|', scripts)})(?![A-Za-z]))";
        var escaped = Regex.Escape(pattern);
        var text = Wildcards().Replace(escaped, match =>
        {
            var next = escaped[(match.Index + match.Length)..];
            var end = next.StartsWith(@"\*", StringComparison.Ordinal) || next.StartsWith(@"\?", StringComparison.Ordinal) ? "(?![A-Za-z])" : "";
            return match.Value switch
            {
                @"\*" => ".*?",
                @"\?" => ".",
                @"\{lang}" => $"(?<lang>{Code("[_-]", end)})",
                _ => $"{Code("_", "")}-{Code("_", end)}",
            };
        });
        return new Regex($"^{text}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

        string Code(string joint, string end) =>
            $"(?<code>(?i:{string.Join('|', known).Replace("_", joint, StringComparison.Ordinal)}){end}|[A-Za-z]{{2,3}}(?:{joint}[A-Za-z0-9]{{2,8}})*?){whole}";
    }

    private string? Resolve(string name, IReadOnlyCollection<string> languages)
    {
        if (LanguageRegistry.Default.Find(name) is null && !languages.Contains(name))
        {
            unknown.Add($"{name} (did you mean {LanguageRegistry.Default.Nearest(name)}?)");
            return null;
        }

        return languages.FirstOrDefault(code => LanguageNames.Means(name, code));
    }
}
