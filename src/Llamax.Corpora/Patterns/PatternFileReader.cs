using System.Text.RegularExpressions;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Patterns;

/// <summary>Parses the files of a world; the order of files and blocks does not matter.</summary>
internal sealed partial class PatternFileReader
{
    private readonly List<Language> languages = [];
    private readonly Dictionary<string, SlotBlock> slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PatternBlock> patterns = new(StringComparer.Ordinal);
    private readonly List<(string Language, SourceLine At)> mentioned = [];
    private object? open;

    public void Read(string file, string content)
    {
        open = null;
        var number = 0;
        foreach (var raw in content.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim().ToString();
            if (line.Length > 0 && line[0] != '#')
            {
                ReadLine(line, new SourceLine(Path.GetFileName(file), number));
            }
        }
    }

    public PatternWorld Build(string folder)
    {
        if (languages.All(language => language.Code != "en"))
        {
            throw new LlamaxException($"{folder}: no file names English among its languages; write a line 'languages: en …'.");
        }

        foreach (var (code, at) in mentioned)
        {
            if (languages.All(language => language.Code != code))
            {
                throw at.Error($"'{code}' is none of the world's languages; add it to the line 'languages: {string.Join(' ', languages.Select(language => language.Code))}', or mend the code");
            }
        }

        var built = new Dictionary<string, Slot>(StringComparer.Ordinal);
        foreach (var name in slots.Keys)
        {
            BuildSlot(name, built, []);
        }

        var world = new PatternWorld(languages, [.. slots.Keys.Select(name => built[name])],
            [.. patterns.Values.Select(pattern => BuildPattern(pattern, built))]);
        PatternCheck.Run(world);
        return world;
    }

    private void ReadLine(string line, SourceLine at)
    {
        if (LanguagesLine().Match(line) is { Success: true } codes)
        {
            ReadLanguages(codes.Groups["codes"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries), at);
        }
        else if (SlotLine().Match(line) is { Success: true } slot)
        {
            var categories = slot.Groups["categories"];
            var block = new SlotBlock(slot.Groups["one"] is { Success: true } one ? one.Value.Trim() : null,
                categories.Success ? categories.Value.Trim() : null, at);
            open = block;
            Declare(slots, slot.Groups["name"].Value, block, at);
        }
        else if (UnionLine().Match(line) is { Success: true } union)
        {
            open = null;
            var block = new SlotBlock(null, null, at);
            block.Members.AddRange(union.Groups["members"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Declare(slots, union.Groups["name"].Value, block, at);
        }
        else if (PatternLine().Match(line) is { Success: true } pattern)
        {
            var weight = pattern.Groups["weight"] is { Success: true } stated ? int.Parse(stated.Value) : 1;
            var block = new PatternBlock(pattern.Groups["name"].Value, weight, at);
            open = block;
            Declare(patterns, block.Name, block, at);
        }
        else if (TextLine().Match(line) is { Success: true } text)
        {
            ReadText(text.Groups["code"].Value, text.Groups["text"].Value.Trim(), at);
        }
        else if (FillerLine().IsMatch(line) && open is SlotBlock block)
        {
            block.Fillers.Add(new Filler(line, at));
        }
        else
        {
            throw at.Error($"'{line}' is not understood here; a line is 'languages: CODE CODE', 'slot NAME', "
                + "'union NAME: SLOT SLOT', 'pattern NAME', a filler's name within a slot, 'CODE: TEXT', or a comment after '#'");
        }
    }

    private void ReadLanguages(string[] codes, SourceLine at)
    {
        foreach (var code in codes)
        {
            var language = LanguageRegistry.Default.Find(code) ?? throw at.Error(
                $"no language has the code '{code}'; the nearest is '{LanguageRegistry.Default.Nearest(code)}'");
            if (languages.Contains(language) || language.Code != code)
            {
                throw at.Error($"write '{language.Code}', once");
            }

            languages.Add(language);
        }
    }

    private void ReadText(string code, string text, SourceLine at)
    {
        mentioned.Add((code, at));
        if (open is PatternBlock pattern)
        {
            if (!pattern.Templates.TryAdd(code, Template.Parse(text, at)))
            {
                throw at.Error($"pattern '{pattern.Name}' has two lines for '{code}'; remove one");
            }

            return;
        }

        if (open is not SlotBlock { Fillers: [.., var filler] })
        {
            throw at.Error("text without a pattern or filler above it");
        }

        foreach (var segment in text.Split('|', StringSplitOptions.TrimEntries))
        {
            var form = FormSegment().Match(segment);
            if (form.Groups["trait"].Success)
            {
                filler.AddTrait(code, form.Groups["trait"].Value, form.Groups["value"].Value, at);
            }
            else
            {
                filler.Add(code, form.Groups["form"].Value, MarkedText.Parse(form.Groups["text"].Value, at), at);
            }
        }
    }

    private static void Declare<T>(Dictionary<string, T> declared, string name, T block, SourceLine at)
    {
        if (!declared.TryAdd(name, block))
        {
            throw at.Error($"'{name}' is declared twice; rename or remove one");
        }
    }

    private Slot BuildSlot(string name, Dictionary<string, Slot> built, HashSet<string> within)
    {
        if (built.TryGetValue(name, out var done))
        {
            return done;
        }

        var block = slots[name];
        if (!within.Add(name))
        {
            throw block.Source.Error($"the union '{name}' holds itself");
        }

        var fillers = new List<Filler>(block.Fillers);
        foreach (var member in block.Members)
        {
            fillers.AddRange(slots.ContainsKey(member)
                ? BuildSlot(member, built, within).Fillers
                : throw block.Source.Error($"no slot is called '{member}'"));
        }

        within.Remove(name);
        return fillers.Count > 0
            ? built[name] = new Slot(name, fillers, block.Category, block.Categories, block.Source)
            : throw block.Source.Error($"the slot '{name}' has no fillers");
    }

    private Pattern BuildPattern(PatternBlock block, Dictionary<string, Slot> built)
    {
        foreach (var language in languages)
        {
            if (!block.Templates.ContainsKey(language.Code))
            {
                throw block.Source.Error($"pattern '{block.Name}' has no line for '{language.Code}'");
            }
        }

        var names = Places(block.Templates["en"]);
        foreach (var (code, template) in block.Templates)
        {
            var here = Places(template);
            if (!here.SetEquals(names))
            {
                throw template.Source.Error($"pattern '{block.Name}' fills {string.Join(", ", here)} in '{code}' but {string.Join(", ", names)} in 'en'");
            }
        }

        return new Pattern(block.Name, block.Weight, [.. names.Select(place =>
        {
            var slot = place.Split('#')[0];
            return (place, built.GetValueOrDefault(slot) ?? throw block.Templates["en"].Source.Error($"no slot is called '{slot}'"));
        })], block.Templates, block.Source);

        static HashSet<string> Places(Template template) =>
            [.. template.Parts.SelectMany(part => new[] { part.Place, part.AgreesWith }).OfType<string>()];
    }

    [GeneratedRegex(@"^languages:(?<codes>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LanguagesLine();

    [GeneratedRegex(@"^slot\s+(?<name>[a-z]+)(:(?<one>[^,]+),(?<categories>[^,]+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SlotLine();

    [GeneratedRegex(@"^union\s+(?<name>[a-z]+):(?<members>[a-z ]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnionLine();

    [GeneratedRegex(@"^pattern\s+(?<name>[a-z-]+)(\s+weight\s+(?<weight>[1-9][0-9]{0,3}))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PatternLine();

    [GeneratedRegex(@"^(?<code>[A-Za-z_-]+):(?<text>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TextLine();

    [GeneratedRegex(@"^[a-z-]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FillerLine();

    [GeneratedRegex(@"^((?<trait>[a-z]+)\s*=\s*(?<value>[a-z]+)|((?<form>[a-z]+):\s*)?(?<text>.*))$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormSegment();

    private sealed record SlotBlock(string? Category, string? Categories, SourceLine Source)
    {
        public List<Filler> Fillers { get; } = [];

        public List<string> Members { get; } = [];
    }

    private sealed record PatternBlock(string Name, int Weight, SourceLine Source)
    {
        public Dictionary<string, Template> Templates { get; } = new(StringComparer.Ordinal);
    }
}
