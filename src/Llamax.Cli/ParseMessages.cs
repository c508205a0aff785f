using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Llamax.Recipes.Yaml;

namespace Llamax.Cli;

/// <summary>What is wrong with a command line: for each mistake one line with what was given, what is expected and where to look.</summary>
internal static class ParseMessages
{
    /// <summary>An option whose help calls its value so takes any text, the empty one too.</summary>
    private const string AnyText = "TEXT";

    /// <summary>The mistakes; none where the verb can be run.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 && parsed.Action != parsed.CommandResult.Command.Action)
        {
            return []; // --help and --version.
        }

        var verb = Verb(parsed.CommandResult);
        return [.. Mistakes(parsed, verb).Distinct(StringComparer.Ordinal).Select(message => $"{message} See `{verb} --help`.")];
    }

    private static IEnumerable<string> Mistakes(ParseResult parsed, string verb)
    {
        var command = parsed.CommandResult.Command;
        if (command.Action is null && parsed.UnmatchedTokens is not [['-', ..], ..])
        {
            return [NoVerb(command, verb, parsed.UnmatchedTokens)];
        }

        var unknown = Unknown(parsed).ToList();
        return unknown.Count > 0
            ? unknown.Select(name => NoSuchOption(name, command, verb))
            : [.. Empty(parsed), .. parsed.UnmatchedTokens.Select(token => $"'{token}' is one argument too many."), .. Wrong(parsed)];
    }

    private static string Verb(CommandResult result) => result.Parent is CommandResult parent ? $"{Verb(parent)} {result.Command.Name}" : "llamax";

    /// <summary>What looks like an option and was taken for something else, or for nothing. What stands behind a <c>--</c> is as it is.</summary>
    private static IEnumerable<string> Unknown(ParseResult parsed)
    {
        var literal = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Select(token => token.Value).ToHashSet(StringComparer.Ordinal);
        var command = parsed.CommandResult.Command;
        var swallowed = command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Concat(command.Options.Where(option => option.AllowMultipleArgumentsPerToken).SelectMany(option => parsed.GetResult(option)?.Tokens ?? []))
            .Select(token => token.Value).Where(text => text.StartsWith("--", StringComparison.Ordinal));
        return parsed.UnmatchedTokens.Where(text => text.Length > 1 && text[0] == '-' && !char.IsAsciiDigit(text[1])).Concat(swallowed)
            .Where(text => text.Length > 1 && !literal.Contains(text)).Select(text => text.Split('=')[0]);
    }

    private static string NoSuchOption(string name, Command command, string verb)
    {
        var known = command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name));
        var meant = NearestName.Find(name, known.Where(each => each.StartsWith("--", StringComparison.Ordinal)));
        return $"{name} is no option of `{verb}`{(meant is null ? "." : $"; did you mean {meant}?")}";
    }

    private static string NoVerb(Command group, string verb, IReadOnlyList<string> given)
    {
        var names = group.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).ToList();
        if (given.Count == 0)
        {
            return $"`{verb}` needs a verb: {OneOf(names)}.";
        }

        return NearestName.Find(given[0], names) is { } meant
            ? $"'{given[0]}' is no verb of `{verb}`; did you mean {meant}?"
            : $"'{given[0]}' is no verb of `{verb}`, which has {OneOf(names)}.";
    }

    private static IEnumerable<string> Empty(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var option in command.Options.Where(option => option.HelpName != AnyText && parsed.GetResult(option) is { } result && HasEmpty(result)))
        {
            yield return $"{option.Name} '' is empty{Meaning(option.Description)}";
        }

        foreach (var argument in command.Arguments.Where(argument => parsed.GetResult(argument) is { } result && HasEmpty(result)))
        {
            yield return $"{argument.Name} '' is empty{Meaning(argument.Description)}";
        }
    }

    private static bool HasEmpty(SymbolResult result) => result.Tokens.Any(token => token.Value.Length == 0);

    /// <summary>The parser's own errors, each told by what stands where it was found.</summary>
    private static IEnumerable<string> Wrong(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            switch (error.SymbolResult)
            {
                case OptionResult { Option: var option } result when !HasEmpty(result) || option.HelpName == AnyText:
                    yield return Wrong(option.Name, option.Description, option.ValueType, option.Arity, Values(option.CompletionSources, option.ValueType), result, result.IdentifierTokenCount > 0) ?? OneLine(error.Message);
                    break;
                case ArgumentResult { Argument: var argument } result when !HasEmpty(result):
                    yield return Wrong(argument.Name, argument.Description, argument.ValueType, argument.Arity, Values(argument.CompletionSources, argument.ValueType), result, isNamed: false) ?? OneLine(error.Message);
                    break;
                case OptionResult or ArgumentResult:
                    break; // Said to be empty.
                case CommandResult when parsed.UnmatchedTokens.Any(token => error.Message.Contains(token, StringComparison.Ordinal)):
                    break; // Said to be too many.
                default:
                    yield return OneLine(error.Message);
                    break;
            }
        }
    }

    /// <summary>What is wrong with a value; null where only the message of a check of ours says it.</summary>
    private static string? Wrong(string name, string? description, Type type, ArgumentArity arity, IReadOnlyList<string> values, SymbolResult result, bool isNamed)
    {
        var given = result.Tokens.Select(token => token.Value).ToList();
        if (given.Count < arity.MinimumNumberOfValues)
        {
            var expected = values.Count > 0 ? $": expected is {OneOf(values)}." : Meaning(description);
            return isNamed ? $"{name} needs a value{expected}" : $"{name} is missing{expected}";
        }

        if (given.Count > arity.MaximumNumberOfValues)
        {
            return $"{name} is given {given.Count} times ({string.Join(", ", given)}), and takes one value.";
        }

        if (values.Count > 0 && given.Find(value => !values.Contains(value)) is { } other)
        {
            return $"{name} {other}: expected is {OneOf(values)}.";
        }

        return given.Select(value => (value, Expected: Expected(value, type))).FirstOrDefault(each => each.Expected is not null) is (var wrong, { } number)
            ? $"{name} {wrong}: expected is {number}." : null;
    }

    /// <summary>What a number of a type is; null where the text is one.</summary>
    private static string? Expected(string text, Type type)
    {
        type = type.GetElementType() ?? type;
        type = Nullable.GetUnderlyingType(type) ?? type;
        var culture = CultureInfo.InvariantCulture;
        return type == typeof(int) ? int.TryParse(text, culture, out _) ? null : Whole(int.MinValue, int.MaxValue)
            : type == typeof(long) ? long.TryParse(text, culture, out _) ? null : Whole(long.MinValue, long.MaxValue)
            : type == typeof(double) && !double.TryParse(text, culture, out _) ? "a number" : null;

        string Whole(BigInteger least, BigInteger most) =>
            BigInteger.TryParse(text, culture, out var value) ? $"a whole number {(value > most ? $"of at most {most:N0}" : $"of at least {least:N0}")}" : "a whole number";
    }

    /// <summary>The values of an enumeration, in the order in which its verb names them; none of what is free.</summary>
    private static IReadOnlyList<string> Values(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, Type type) =>
        type == typeof(bool) ? [] : [.. sources.SelectMany(source => source(CompletionContext.Empty)).Select(completion => completion.Label)];

    private static string OneOf(IReadOnlyList<string> values) =>
        values.Count < 2 ? string.Concat(values) : $"{string.Join(", ", values.SkipLast(1))} or {values[^1]}";

    /// <summary>The first sentence of a description, behind a colon.</summary>
    private static string Meaning(string? description)
    {
        var text = (description ?? "").Split('\n') switch
        {
            [var all] => all,
            [var first, ..] => first.LastIndexOf(';') is > 0 and var unfinished ? first[..unfinished] : first,
            _ => "",
        };
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        text = (end < 0 ? text : text[..end]).TrimEnd('.');
        return text.Length == 0 ? "." : $": {text}.";
    }

    private static string OneLine(string message) => string.Join(' ', message.Split(['\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
