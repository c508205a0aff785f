using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Llamax.Recipes.Yaml;

/// <summary>
/// Builds the node tree of a recipe from YAML. Built from the parser's events rather than from the library's own node
/// model, which stops at the first duplicate key and follows aliases.
/// </summary>
internal sealed class RecipeParser
{
    private const int MaximumDepth = 32;

    private readonly Func<Mark, Origin> originOf;
    private readonly ErrorList errors;
    private bool isUsable = true;

    private RecipeParser(Func<Mark, Origin> originOf, ErrorList errors) => (this.originOf, this.errors) = (originOf, errors);

    /// <summary>Parses a recipe file's text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="originOf">Names the place of a position in the text.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <returns>The root, or null where the text cannot be parsed or is empty.</returns>
    public static RecipeNode? Parse(string text, Func<Mark, Origin> originOf, ErrorList errors)
    {
        var parser = new RecipeParser(originOf, errors);
        var events = new Parser(new StringReader(text));
        try
        {
            events.Consume<StreamStart>();
            if (events.Accept<StreamEnd>(out _))
            {
                return null;
            }

            events.Consume<DocumentStart>();
            var root = parser.Read(events, 0);
            events.Consume<DocumentEnd>();
            if (!events.TryConsume<StreamEnd>(out _))
            {
                errors.Add(originOf(events.Current!.Start), "a recipe is one YAML document; remove the second one.");
            }

            return parser.isUsable ? root : null;
        }
        catch (YamlException exception)
        {
            errors.Add(originOf(exception.Start), $"this is not YAML: {OneLine(exception.InnerException?.Message ?? exception.Message)}");
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            // The library lets some of the runtime's own exceptions through on broken text.
            errors.Add(originOf(events.Current?.Start ?? Mark.Empty), $"this is not YAML: {OneLine(exception.Message)}");
            return null;
        }
    }

    private RecipeNode Read(Parser events, int depth)
    {
        var origin = originOf(events.Current?.Start ?? Mark.Empty);
        if (depth > MaximumDepth)
        {
            throw new YamlException(events.Current!.Start, events.Current.End, $"nested deeper than {MaximumDepth} levels.");
        }

        if (events.TryConsume<AnchorAlias>(out var alias))
        {
            errors.Add(origin, $"aliases (*{alias.Value}) are not read in recipes; write the value out.");
            isUsable = false;
            return new ScalarNode(origin, "", IsQuoted: false);
        }

        if (events.TryConsume<Scalar>(out var scalar))
        {
            return new ScalarNode(origin, scalar.Value, scalar.Style is not ScalarStyle.Plain);
        }

        if (events.TryConsume<SequenceStart>(out _))
        {
            var list = new ListNode(origin, []);
            while (!events.TryConsume<SequenceEnd>(out _))
            {
                list.Items.Add(Read(events, depth + 1));
            }

            return list;
        }

        events.Consume<MappingStart>();
        var map = new MapNode(origin);
        while (!events.TryConsume<MappingEnd>(out _))
        {
            ReadEntry(events, map, depth);
        }

        return map;
    }

    private void ReadEntry(Parser events, MapNode map, int depth)
    {
        var key = Read(events, depth + 1);
        var value = Read(events, depth + 1);
        if (key is not ScalarNode { Text: var name })
        {
            errors.Add(key.Origin, $"a key must be a word, not {key.Kind}.");
        }
        else if (map.Find(name) is not null)
        {
            var first = map.Entries.Find(entry => entry.Key == name).KeyOrigin.Label;
            errors.Add(key.Origin, $"key '{name}' is there already ({first}); remove one of the two.");
        }
        else
        {
            map.Entries.Add((name, key.Origin, value));
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
