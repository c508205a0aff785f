using System.Buffers;
using System.Text;
using Llamax.Text.Characters;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Finds out whether a dictionary was named in the wrong direction, by the scripts of its words. Languages that are
/// written alike cannot be told apart so.
/// </summary>
internal sealed class DictionaryDirection
{
    private const int LeastShare = 10; // One in so many entries must speak for the other direction: identical words and noise do not.

    private readonly string source;
    private readonly string target;
    private readonly string[] sourceScripts;
    private readonly string[] targetScripts;
    private readonly SortedDictionary<string, long> leftScripts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> rightScripts = new(StringComparer.Ordinal);
    private long entries;
    private long right;
    private long swapped;

    public DictionaryDirection(string source, string target)
    {
        (this.source, this.target) = (source, target);
        sourceScripts = Scripts(LanguageRegistry.Default.Find(source)?.Script);
        targetScripts = Scripts(LanguageRegistry.Default.Find(target)?.Script);
    }

    /// <summary>Looks at an entry.</summary>
    public void Add(ReadOnlySpan<byte> word, ReadOnlySpan<byte> translation)
    {
        entries++;
        var (left, other) = (Script(word), Script(translation));
        Count(leftScripts, left);
        Count(rightScripts, other);
        right += Belongs(left, sourceScripts, targetScripts) && Belongs(other, targetScripts, sourceScripts) ? 1 : 0;
        swapped += Belongs(left, targetScripts, sourceScripts) && Belongs(other, sourceScripts, targetScripts) ? 1 : 0;
    }

    /// <summary>Throws where the entries stand the other way round.</summary>
    /// <param name="file">What the message calls the dictionary.</param>
    public void Check(string file)
    {
        if (swapped > right && swapped * LeastShare >= entries)
        {
            throw new LlamaxException(
                $"{file} is named {source}-{target}, but in {swapped:N0} of its {entries:N0} entries {Name(target)} stands first and {Name(source)} second "
                + $"(by their scripts, {string.Join(", ", targetScripts)} and {string.Join(", ", sourceScripts)}). Name it {target}-{source}.");
        }
    }

    /// <summary>
    /// Says where most words of a side are written in scripts that are not its language's: another language's dictionary, or
    /// a language that is written in several scripts, which is why this is no error.
    /// </summary>
    /// <param name="file">What the message calls the dictionary.</param>
    public string? Strange(string file)
    {
        string[] sides = [.. new[] { Side(source, sourceScripts, leftScripts), Side(target, targetScripts, rightScripts) }.OfType<string>()];
        return sides.Length == 0 ? null : $"{file} is named {source}-{target}, but {string.Join("; and ", sides)}. Is it of these languages?";
    }

    private static string? Side(string language, string[] scripts, SortedDictionary<string, long> found)
    {
        var others = found.Where(each => !scripts.Contains(each.Key, StringComparer.Ordinal)).OrderByDescending(each => each.Value).ToList();
        return scripts.Length == 0 || 2 * others.Sum(each => each.Value) <= found.Values.Sum() ? null
            : $"of {found.Values.Sum():N0} words on the side of {Name(language)}, which is written in {string.Join(", ", scripts)}, "
                + $"{string.Join(", ", others.Take(3).Select(each => $"{each.Value:N0} are in {each.Key}"))}";
    }

    private static void Count(SortedDictionary<string, long> scripts, string? script)
    {
        if (script is not null)
        {
            scripts[script] = scripts.GetValueOrDefault(script) + 1;
        }
    }

    private static bool Belongs(string? script, string[] scripts, string[] others) =>
        script is not null && scripts.Contains(script, StringComparer.Ordinal) && !others.Contains(script, StringComparer.Ordinal);

    private static string Name(string language) => LanguageRegistry.Default.Get(language).Name;

    /// <summary>The script of a word's first letter that has one.</summary>
    private static string? Script(ReadOnlySpan<byte> word)
    {
        while (Rune.DecodeFromUtf8(word, out var rune, out var bytes) == OperationStatus.Done)
        {
            if (Rune.IsLetter(rune) && UnicodeScripts.Default.Of(rune.Value) is not ("Common" or "Inherited") and var script)
            {
                return script;
            }

            word = word[bytes..];
        }

        return null;
    }

    /// <summary>What Unicode calls the scripts of an ISO 15924 code; none where the code is not among the registry's.</summary>
    private static string[] Scripts(string? code) => code switch
    {
        "Arab" => ["Arabic"],
        "Armn" => ["Armenian"],
        "Beng" => ["Bengali"],
        "Cyrl" => ["Cyrillic"],
        "Deva" => ["Devanagari"],
        "Ethi" => ["Ethiopic"],
        "Geor" => ["Georgian"],
        "Grek" => ["Greek"],
        "Gujr" => ["Gujarati"],
        "Guru" => ["Gurmukhi"],
        "Hang" => ["Hangul"],
        "Hans" or "Hant" => ["Han"],
        "Hebr" => ["Hebrew"],
        "Jpan" => ["Han", "Hiragana", "Katakana"],
        "Khmr" => ["Khmer"],
        "Knda" => ["Kannada"],
        "Laoo" => ["Lao"],
        "Latn" => ["Latin"],
        "Mlym" => ["Malayalam"],
        "Mymr" => ["Myanmar"],
        "Olck" => ["Ol_Chiki"],
        "Orya" => ["Oriya"],
        "Sinh" => ["Sinhala"],
        "Taml" => ["Tamil"],
        "Telu" => ["Telugu"],
        "Tfng" => ["Tifinagh"],
        "Thai" => ["Thai"],
        "Tibt" => ["Tibetan"],
        _ => [],
    };
}
