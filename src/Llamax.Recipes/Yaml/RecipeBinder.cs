using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Llamax.Recipes.Yaml;

/// <summary>
/// Turns nodes into immutable records: keys are the property names in snake_case, ranges are the properties'
/// DataAnnotations, languages get the one code under which they are known everywhere. Goes on after an error, so that all
/// are found at once.
/// </summary>
internal sealed class RecipeBinder(ErrorList errors, LanguageCheck languages)
{
    /// <summary>The node of each key that was read, by its dotted path, in which languages have their one code, for checks that come after binding.</summary>
    public Dictionary<string, RecipeNode> Places { get; } = [];

    /// <summary>Binds a whole record.</summary>
    /// <param name="node">A group of keys, or nothing, which leaves every default.</param>
    /// <param name="path">The dotted path of the node; empty for the root.</param>
    public T Bind<T>(RecipeNode node, string path = "")
        where T : class => (T)BindRecord(typeof(T), node, path);

    private object BindRecord(Type type, RecipeNode node, string path)
    {
        Places.TryAdd(path, node);
        var record = Activator.CreateInstance(type)!;
        if (type.GetCustomAttribute<ShortFormAttribute>() is { } form && node is ScalarNode { IsNull: false } alone)
        {
            var property = type.GetProperty(form.Property)!;
            property.SetValue(record, BindValue(property.PropertyType, alone, path, property));
            return record;
        }

        if (node is ScalarNode { IsNull: true })
        {
            node = new MapNode(node.Origin);
        }

        if (node is not MapNode map)
        {
            errors.Add(node.Origin, $"{Named(path)} must be a group of keys, not {node.Kind}.");
            return record;
        }

        var known = RecipeKeys.Of(type);
        var meant = new HashSet<string>();
        foreach (var (key, origin, _) in map.Entries.Where(entry => !known.ContainsKey(entry.Key)))
        {
            var nearest = NearestName.Find(key, known.Keys);
            meant.Add(nearest ?? "");
            errors.Add(origin, $"unknown key '{key}'{(path.Length > 0 ? $" in {path}" : "")}; "
                + (nearest is null ? $"known keys: {string.Join(", ", known.Keys)}." : $"did you mean '{nearest}'?"));
        }

        Fill(type, record, map, path, meant);
        return record;
    }

    private void Fill(Type type, object record, MapNode map, string path, HashSet<string> meant)
    {
        var count = errors.Count;
        foreach (var property in RecipeKeys.Properties(type))
        {
            var key = RecipeKeys.NameOf(property);
            var keyPath = path.Length == 0 ? key : $"{path}.{key}";
            if (property.IsDefined(typeof(SameLevelAttribute)))
            {
                var inner = Activator.CreateInstance(property.PropertyType)!;
                Fill(property.PropertyType, inner, map, path, meant);
                property.SetValue(record, inner);
            }
            else if (map.Find(key) is { } value)
            {
                if (BindValue(property.PropertyType, value, keyPath, property) is { } bound)
                {
                    property.SetValue(record, bound);
                    Validate(property, bound, value.Origin, keyPath);
                }
            }
            else if (IsRequired(property) && !meant.Contains(key))
            {
                errors.Add(map.Origin, $"key '{key}' is missing{(path.Length > 0 ? $" in {path}" : "")}.");
            }
        }

        if (record is IValidatableObject whole && errors.Count == count)
        {
            foreach (var result in whole.Validate(new ValidationContext(record)))
            {
                var member = result.MemberNames.Select(RecipeKeys.Snake).Select(map.Find).FirstOrDefault(found => found is not null);
                errors.Add((member ?? map).Origin, $"{Named(path)}: {result.ErrorMessage}");
            }
        }
    }

    private object? BindValue(Type type, RecipeNode node, string path, PropertyInfo property)
    {
        Places[path] = node;
        var nullable = Nullable.GetUnderlyingType(type);
        if (node is ScalarNode { IsNull: true } && (!IsRecord(type) || IsNullable(property)))
        {
            if (nullable is null && !IsNullable(property))
            {
                errors.Add(node.Origin, $"{path} has no value; write one or remove the key.");
            }

            return null;
        }

        type = nullable ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return BindDictionary(type.GetGenericArguments()[1], node, path, property);
        }

        if (type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)))
        {
            return BindList(type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0], node, path, property);
        }

        if (IsRecord(type))
        {
            return BindRecord(type, node, path);
        }

        if (node is not ScalarNode scalar)
        {
            errors.Add(node.Origin, $"{path} must be {ScalarReader.Expectation(type)}, not {node.Kind}.");
            return null;
        }

        if (!ScalarReader.TryRead(type, scalar, out var value))
        {
            errors.Add(node.Origin, $"{path} must be {ScalarReader.Expectation(type)}, not {node.Kind}.{ScalarReader.Suggestion(type, scalar)}");
            return null;
        }

        return property.IsDefined(typeof(RelativePathAttribute)) && value is string text ? Resolve(text, node.Origin) : value;
    }

    private IList? BindList(Type item, RecipeNode node, string path, PropertyInfo property)
    {
        // One file where a list of files may stand is no reason to complain.
        var items = node is ListNode list ? list.Items : node is ScalarNode ? [node] : null;
        if (items is null)
        {
            errors.Add(node.Origin, $"{path} must be a list, not {node.Kind}.");
            return null;
        }

        var bound = items.Select((child, i) => BindValue(item, child, node is ListNode ? $"{path}[{i}]" : path, property)).ToList();
        if (property.PropertyType == typeof(IReadOnlyList<string>) && property.IsDefined(typeof(LanguageCodesAttribute)))
        {
            var names = new LanguageNaming(languages, errors, property.GetCustomAttribute<LanguageCodesAttribute>()!);
            for (var i = 0; i < items.Count; i++)
            {
                bound[i] = bound[i] is string code ? names.Take(code, items[i].Origin) : null;
            }
        }

        var array = Array.CreateInstance(item, bound.Count(value => value is not null));
        var next = 0;
        foreach (var value in bound.Where(value => value is not null))
        {
            array.SetValue(value, next++);
        }

        return array;
    }

    private IDictionary? BindDictionary(Type valueType, RecipeNode node, string path, PropertyInfo property)
    {
        if (node is not MapNode map)
        {
            errors.Add(node.Origin, $"{path} must be a group of keys, not {node.Kind}.");
            return null;
        }

        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType))!;
        var names = property.GetCustomAttribute<LanguageCodesAttribute>() is { } rule ? new LanguageNaming(languages, errors, rule) : null;
        foreach (var (written, origin, value) in map.Entries)
        {
            if ((names is null ? written : names.Take(written, origin)) is { } key && BindValue(valueType, value, $"{path}.{key}", property) is { } bound)
            {
                dictionary[key] = bound;
            }
        }

        return dictionary;
    }

    private void Validate(PropertyInfo property, object value, Origin origin, string path)
    {
        foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>().Where(attribute => !attribute.IsValid(value)))
        {
            errors.Add(origin, attribute is RangeAttribute range
                ? $"{path} is {Shown(value)}; it must be {ScalarReader.Range(range)}."
                : attribute.FormatErrorMessage(path).TrimEnd('.') + ".");
        }
    }

    private static string Shown(object value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;

    private static string Resolve(string path, Origin origin)
    {
        try
        {
            return Path.GetFullPath(path, Path.GetFullPath(origin.BaseFolder));
        }
        catch (ArgumentException)
        {
            return path; // Not a path at all (a NUL in it): the check for existence names it.
        }
    }

    private static bool IsRecord(Type type) => type.IsClass && type != typeof(string) && !type.IsArray && !type.IsGenericType;

    private static bool IsRequired(PropertyInfo property) =>
        property.IsDefined(typeof(RequiredAttribute)) || property.IsDefined(typeof(RequiredMemberAttribute));

    private static bool IsNullable(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    private static string Named(string path) => path.Length == 0 ? "the recipe" : path;
}
