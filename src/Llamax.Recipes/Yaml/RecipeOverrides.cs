using System.Globalization;

namespace Llamax.Recipes.Yaml;

/// <summary>Puts the <c>--set key=value</c> of the command line into the node tree of a recipe.</summary>
internal static class RecipeOverrides
{
    /// <summary>Applies one override; the value is read as YAML, so lists and groups can be given too.</summary>
    /// <param name="root">The recipe.</param>
    /// <param name="assignment">For example <c>pretrain.learning_rate=1e-4</c>; a number in the path is a place in a list, from 0.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static void Apply(MapNode root, string assignment, ErrorList errors)
    {
        var origin = new Origin($"--set {assignment}", Environment.CurrentDirectory);
        var equals = assignment.IndexOf('=');
        if (equals <= 0)
        {
            errors.Add(origin, "expected key=value, for example --set pretrain.learning_rate=1e-4");
            return;
        }

        var path = assignment[..equals].Split('.', StringSplitOptions.TrimEntries);
        var value = RecipeParser.Parse(assignment[(equals + 1)..], _ => origin, errors) ?? new ScalarNode(origin, "", IsQuoted: false);
        RecipeNode parent = root;
        for (var i = 0; i < path.Length; i++)
        {
            var last = i == path.Length - 1;
            var walked = string.Join('.', path[..i]);
            switch (parent)
            {
                case MapNode map:
                    if (last)
                    {
                        map.Put(path[i], origin, value);
                    }
                    else if (map.Find(path[i]) is not { } next || next is ScalarNode { IsNull: true })
                    {
                        map.Put(path[i], origin, parent = new MapNode(origin));
                    }
                    else
                    {
                        parent = next;
                    }

                    break;
                case ListNode list when int.TryParse(path[i], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index < list.Items.Count:
                    if (last)
                    {
                        list.Items[index] = value;
                    }
                    else
                    {
                        parent = list.Items[index];
                    }

                    break;
                case ListNode list:
                    errors.Add(origin, $"{walked} is a list of {list.Items.Count}; '{path[i]}' is no place in it (0 to {list.Items.Count - 1}).");
                    return;
                default:
                    errors.Add(origin, $"{walked} is {parent.Kind}, which has no keys below it.");
                    return;
            }
        }
    }
}
