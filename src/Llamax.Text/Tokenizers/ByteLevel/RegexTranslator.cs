using System.Globalization;
using System.Text;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// Writes a regular expression of Oniguruma's Ruby syntax, which Hugging Face's library uses, for .NET's engine. It takes
/// what means the same in both, spells out what differs (letters without case, possessive quantifiers, anchors), and
/// refuses the rest, so that no pattern is silently read otherwise than by the library.
/// </summary>
internal sealed class RegexTranslator
{
    private const int DeepestGroup = 100;

    private static readonly HashSet<string> Categories = new(
        "L M N P S Z C Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn".Split(' '),
        StringComparer.Ordinal);

    private readonly string pattern;
    private readonly List<(char First, char Last)> mentioned = [];
    private int at;
    private int depth;

    private RegexTranslator(string pattern) => this.pattern = pattern;

    /// <summary>Translates.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="mentioned">The characters that the expression names, alone or in ranges.</param>
    /// <exception cref="LlamaxException">The expression uses a construct that is not known to mean the same.</exception>
    public static string Translate(string pattern, out IReadOnlyList<(char First, char Last)> mentioned)
    {
        var translator = new RegexTranslator(pattern);
        var result = translator.Alternatives(ignoreCase: false);
        if (translator.at < pattern.Length)
        {
            throw translator.Refusal("a closing parenthesis without an opening one");
        }

        mentioned = translator.mentioned;
        return result;
    }

    private string Alternatives(bool ignoreCase)
    {
        var result = new StringBuilder();
        while (at < pattern.Length && pattern[at] != ')')
        {
            if (pattern[at] == '|')
            {
                result.Append('|');
                at++;
            }
            else
            {
                result.Append(Repeated(Atom(ignoreCase)));
            }
        }

        return result.ToString();
    }

    private string Repeated(string atom)
    {
        var interval = at < pattern.Length && pattern[at] == '{';
        string quantifier;
        if (interval)
        {
            quantifier = Interval();
        }
        else if (at < pattern.Length && pattern[at] is '*' or '+' or '?')
        {
            quantifier = pattern[at++].ToString();
        }
        else
        {
            return atom;
        }

        var next = at < pattern.Length ? pattern[at] : '\0';
        at += next is '?' or '+' ? 1 : 0;
        var result = (next, interval) switch
        {
            ('?', true) when !quantifier.Contains(',') => throw Refusal("a lazy exact count"),
            ('?', _) => atom + quantifier + "?",
            ('+', false) => $"(?>{atom}{quantifier})",
            ('+', true) => $"(?:{atom}{quantifier})+", // In Ruby's syntax an interval has no possessive form.
            _ => atom + quantifier,
        };
        return at < pattern.Length && pattern[at] is '*' or '+' or '?' or '{' ? throw Refusal("a quantifier after a quantifier") : result;
    }

    private string Interval()
    {
        var end = pattern.IndexOf('}', at);
        var parts = end < 0 ? [] : pattern[(at + 1)..end].Split(',');
        var numbers = parts.Select(part => part.Length is > 0 and < 5 && part.All(char.IsAsciiDigit) ? int.Parse(part) : part.Length == 0 ? -1 : -2).ToArray();
        var valid = numbers.Length is 1 or 2 && numbers.All(number => number >= -1) && numbers.Any(number => number >= 0)
            && (numbers.Length == 1 || numbers[1] < 0 || numbers[0] <= numbers[1]);
        if (!valid)
        {
            throw Refusal("a brace that is no count");
        }

        at = end + 1;
        return numbers.Length == 1 ? $"{{{numbers[0]}}}" : $"{{{Math.Max(0, numbers[0])},{(numbers[1] < 0 ? "" : numbers[1])}}}";
    }

    private string Atom(bool ignoreCase)
    {
        switch (pattern[at])
        {
            case '(': return Group(ignoreCase);
            case '[': return Class(ignoreCase);
            case '.': at++; return "[^\\n]";
            case '^': at++; return "(?m:^)";
            case '$': at++; return "(?=\\n|\\z)";
            case '*' or '+' or '?' or '{': throw Refusal("a quantifier without anything before it");
            case '\\' when at + 1 < pattern.Length && pattern[at + 1] is 'A' or 'z': at += 2; return "\\" + pattern[at - 1];
        }

        if (pattern[at] == '\\' && Set() is { } set)
        {
            return set;
        }

        var literal = Literal();
        return ignoreCase && !Caseless(literal) ? AnyCase(literal) : Escape(literal);
    }

    private string Group(bool ignoreCase)
    {
        if (++depth > DeepestGroup)
        {
            throw Refusal("too deep a group");
        }

        string[] openings = ["(?i:", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"];
        var opening = openings.FirstOrDefault(opening => string.CompareOrdinal(pattern, at, opening, 0, opening.Length) == 0)
            ?? (at + 1 < pattern.Length && pattern[at + 1] is '?' or '*' ? throw Refusal("a group of this kind") : "(");
        at += opening.Length;
        var content = Alternatives(ignoreCase || opening == "(?i:");
        if (at == pattern.Length)
        {
            throw Refusal("a group that does not end");
        }

        at++;
        depth--;
        return (opening is "(" or "(?i:" ? "(?:" : opening) + content + ")";
    }

    private string Class(bool ignoreCase)
    {
        var result = new StringBuilder("[");
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            result.Append('^');
            at++;
        }

        var empty = true;
        for (; at < pattern.Length && pattern[at] != ']'; empty = false)
        {
            if (pattern[at] == '[' || (pattern[at] == '&' && at + 1 < pattern.Length && pattern[at + 1] == '&'))
            {
                throw Refusal("a class within a class");
            }

            if (pattern[at] == '\\' && Set() is { } set)
            {
                result.Append(set);
                continue;
            }

            var first = Literal();
            var last = first;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                last = pattern[at] == '[' || (pattern[at] == '\\' && Set() is not null) ? throw Refusal("a range without an end") : Literal();
            }

            if (last < first || (ignoreCase && !(first == last && Caseless(first))))
            {
                throw Refusal("a range, or a class of letters without case,");
            }

            mentioned.Add((first, last));
            result.Append(Escape(first)).Append(last > first ? "-" + Escape(last) : "");
        }

        if (empty || at == pattern.Length)
        {
            throw Refusal("a class that does not end");
        }

        at++;
        return result.Append(']').ToString();
    }

    /// <summary>Reads a set of characters such as <c>\s</c> or <c>\p{L}</c>; null, and nothing read, where none stands here.</summary>
    private string? Set()
    {
        var kind = at + 1 < pattern.Length ? pattern[at + 1] : throw Refusal("a backslash at the end");
        if (kind is 's' or 'S' or 'd' or 'D')
        {
            at += 2;
            return "\\" + kind;
        }

        if (kind is not ('p' or 'P'))
        {
            return null;
        }

        var end = pattern.IndexOf('}', at);
        var name = end > at + 3 && pattern[at + 2] == '{' ? pattern[(at + 3)..end] : "";
        if (!Categories.Contains(name))
        {
            throw Refusal("a property other than a general category");
        }

        at = end + 1;
        return $"\\{kind}{{{name}}}";
    }

    private char Literal()
    {
        var literal = pattern[at];
        if (literal == '\\')
        {
            (literal, var length) = (at + 1 < pattern.Length ? pattern[at + 1] : '\0') switch
            {
                'r' => ('\r', 2),
                'n' => ('\n', 2),
                't' => ('\t', 2),
                'f' => ('\f', 2),
                'v' => ('\v', 2),
                'u' => (Hex(at + 2, 4), 6),
                'x' when at + 2 < pattern.Length && pattern[at + 2] != '{' => (Hex(at + 2, 2), 4),
                var other when char.IsAscii(other) && !char.IsAsciiLetterOrDigit(other) && other != '\0' => (other, 2),
                _ => throw Refusal("an escape of this kind"),
            };
            at += length;
        }
        else
        {
            at++;
        }

        if (char.IsSurrogate(literal))
        {
            throw Refusal("a character beyond U+FFFF");
        }

        mentioned.Add((literal, literal));
        return literal;
    }

    private char Hex(int start, int digits) =>
        start + digits <= pattern.Length
        && int.TryParse(pattern.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        && (digits == 4 || value < 0x80) ? (char)value : throw Refusal("an escape of this kind");

    private static bool Caseless(char literal) => literal < 0x80 && !char.IsAsciiLetter(literal);

    private string AnyCase(char literal)
    {
        if (!char.IsAsciiLetter(literal))
        {
            throw Refusal("a letter beyond ASCII without case");
        }

        // The two letters beyond ASCII that Unicode's simple case folding maps into it.
        var lower = char.ToLowerInvariant(literal);
        return $"[{lower}{char.ToUpperInvariant(literal)}{(lower == 's' ? "\\u017F" : lower == 'k' ? "\\u212A" : "")}]";
    }

    private static string Escape(char literal) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)literal:X4}");

    private LlamaxException Refusal(string what) => new(
        $"The split pattern {pattern} has {what} at character {Math.Min(at, pattern.Length) + 1}, which Llamax does not know to read as the "
        + "original library does. Express it with literals, classes, general categories, groups, lookarounds and quantifiers.");
}
