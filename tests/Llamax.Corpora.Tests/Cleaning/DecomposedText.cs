using System.Text;
using Llamax.Text.Characters;

namespace Llamax.Corpora.Tests.Cleaning;

/// <summary>Text as some systems write it: letters with their accents and vowel signs apart.</summary>
internal static class DecomposedText
{
    /// <summary>A text with every character taken apart that Unicode composes again.</summary>
    public static string Of(string text)
    {
        var (normal, parts) = (new NormalForm(), new Dictionary<Rune, string>());
        return string.Concat(text.EnumerateRunes().Select(rune => parts.TryGetValue(rune, out var known) ? known : parts[rune] = Of(rune, normal) ?? rune.ToString()));
    }

    /// <summary>What a character is made of; null where it is itself, or another one that is only like it.</summary>
    public static string? Of(Rune rune, NormalForm normal)
    {
        var parts = string.Concat(NormalForm.Parts(rune.Value).Select(part => new Rune(part)));
        return parts != rune.ToString() && Composed(parts) == Composed(rune.ToString()) ? parts : null;

        string Composed(string text) => Encoding.UTF8.GetString(normal.Compose(Encoding.UTF8.GetBytes(text)));
    }
}
