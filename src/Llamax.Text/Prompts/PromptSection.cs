using System.Text;
using System.Text.RegularExpressions;

namespace Llamax.Text.Prompts;

/// <summary>One section of a template, cut at its placeholders, so that braces in what is filled in stay as they are.</summary>
internal sealed partial class PromptSection
{
    public const string Plain = "instruction";
    public const string WithInput = "instruction and input";
    public const string Translation = "translation";

    private const string Response = "{response}";

    // Text at even places, a placeholder's name at odd ones.
    private readonly string[] parts;

    private PromptSection(string[] parts) => this.parts = parts;

    public bool NamesCodes => parts.Where((_, i) => i % 2 == 1).Any(name => name.EndsWith("_code", StringComparison.Ordinal));

    /// <summary>Reads the sections of a template file by name.</summary>
    public static Dictionary<string, PromptSection> ReadAll(string text, string file)
    {
        var sections = new Dictionary<string, PromptSection>(StringComparer.Ordinal);
        var lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        for (var i = 0; i < lines.Length;)
        {
            var header = lines[i];
            if (!header.StartsWith("=== ", StringComparison.Ordinal))
            {
                i += header.Length == 0 || header[0] == '#'
                    ? 1
                    : throw new LlamaxException($"{file}:{i + 1}: expected a comment (#) or a section such as `=== {Plain}`.");
                continue;
            }

            var start = i + 1;
            for (i = start; i < lines.Length && !lines[i].StartsWith("=== ", StringComparison.Ordinal);)
            {
                i++;
            }

            var name = header[4..].Trim();
            if (!sections.TryAdd(name, Read(name, string.Join('\n', lines[start..i]), $"{file}:{start}")))
            {
                throw new LlamaxException($"{file}:{start}: the section `{name}` stands twice.");
            }
        }

        return sections;
    }

    public WordedPrompt Word(string instruction, string input, string source = "", string target = "", string sourceCode = "", string targetCode = "")
    {
        var prompt = new StringBuilder();
        var words = new List<(int Start, int End)>();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 0)
            {
                words.Add((prompt.Length, prompt.Length + parts[i].Length));
            }

            prompt.Append((i % 2 == 0, parts[i]) switch
            {
                (true, var text) => text,
                (_, "instruction") => instruction,
                (_, "input") => input,
                (_, "source") => source,
                (_, "target") => target,
                (_, "source_code") => sourceCode,
                _ => targetCode,
            });
        }

        return new WordedPrompt(prompt.ToString(), words);
    }

    private static PromptSection Read(string name, string body, string where)
    {
        string[] known = name switch
        {
            Plain => ["instruction"],
            WithInput => ["instruction", "input"],
            Translation => ["input", "target", "source", "target_code", "source_code"],
            _ => throw new LlamaxException(
                $"{where}: unknown section `{name}`; known are `{Plain}`, `{WithInput}` and `{Translation}`."),
        };
        var end = body.IndexOf(Response, StringComparison.Ordinal);
        if (end < 0 || body.AsSpan(end + Response.Length).ContainsAnyExcept('\n', ' '))
        {
            throw new LlamaxException($"{where}: the section `{name}` has to end with {Response}, where the model's answer begins.");
        }

        var cut = Placeholder().Split(body[..end]);
        for (var i = 1; i < cut.Length; i += 2)
        {
            if (!known.Contains(cut[i], StringComparer.Ordinal))
            {
                throw new LlamaxException(
                    $"{where}: the section `{name}` has the placeholders {Listed(known)} and {Response}, not {{{cut[i]}}}.");
            }
        }

        // A translation may name its languages by their codes, or only the one to translate into.
        var used = cut.Where((_, i) => i % 2 == 1).ToHashSet(StringComparer.Ordinal);
        string[] needed = name != Translation ? known : used.Contains("target_code") ? ["input"] : ["input", "target"];
        var missing = needed.Where(placeholder => !used.Contains(placeholder)).ToArray();
        return missing.Length == 0
            ? new PromptSection(cut)
            : throw new LlamaxException($"{where}: the section `{name}` lacks {Listed(missing)}.");

        static string Listed(string[] names) => string.Join(", ", names.Select(placeholder => $"{{{placeholder}}}"));
    }

    [GeneratedRegex("""\{([a-z_]+)\}""")]
    private static partial Regex Placeholder();
}
