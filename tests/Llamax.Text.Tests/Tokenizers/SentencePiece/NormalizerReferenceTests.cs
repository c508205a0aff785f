using System.Buffers;
using System.Text;
using CsCheck;
using Llamax.Text.Tests.Tokenizers.Normalization;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>The normaliser beside a slow, obvious one, with random rules, symbols and texts.</summary>
public sealed class NormalizerReferenceTests
{
    private static readonly Gen<string> Character = Generators.AnyOf(" ", "a", "b", "z", "\t", "\0", "\u007f", "é", "\u0301", "ä", "中", "国", "▁", "\u00a0", "😀", "\ufffd");

    private static readonly Gen<(string From, string To)> Rule = Gen.Select(
        Character.Where(text => text != "\0").Array[1, 3].Select(string.Concat), Gen.OneOf(Generators.AnyOf("", " ", "  ", " x ", "▁"), Character.Where(text => text != "\0").Array[0, 9].Select(string.Concat)));

    private static readonly Gen<byte[]> Text = Gen.OneOf(
        Character.Select(Encoding.UTF8.GetBytes), Generators.AnyOf("the", "quick brown fox", "abzabzabzabzabzabzabzabz ").Select(Encoding.UTF8.GetBytes),
        Gen.Byte.Array[1, 2], Generators.AnyOf<byte[]>([0xED, 0xA0, 0x80], [0xE0, 0x80, 0x80], [0xC0, 0x80], [0xE4, 0xB8], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80])).Array[0, 40].Select(parts => parts.SelectMany(part => part).ToArray());

    private static readonly Gen<NormalizerSpec> Spec = Gen.Select(Rule.Array[0, 12], Gen.Bool, Gen.Bool, Gen.Bool, (rules, prefix, remove, escape) => new NormalizerSpec
    {
        CharacterMap = rules.Length == 0 ? [] : CharacterMapBuilder.Build(rules.DistinctBy(rule => rule.From).ToDictionary()),
        AddDummyPrefix = prefix,
        RemoveExtraWhitespaces = remove,
        EscapeWhitespaces = escape,
        Name = string.Join('\n', rules.DistinctBy(rule => rule.From).Select(rule => rule.From + '\u0001' + rule.To)),
    });

    private static readonly Gen<string[]> Symbols = Character.Where(text => text != "\0").Array[1, 3].Select(string.Concat).Array[0, 3].Select(symbols => symbols.Distinct().ToArray());

    [Fact]
    public void Texts_are_those_of_the_obvious_algorithm() =>
        Gen.Select(Spec, Symbols, Gen.Bool, Text).Sample((spec, symbols, suffix, text) =>
        {
            var trie = symbols.Length > 0 ? new ByteTrie(symbols.Select((symbol, i) => (Encoding.UTF8.GetBytes(symbol), i))) : null;
            var output = new ByteBuffer();
            output.Append("kept"u8);
            new Normalizer(spec, suffix, trie).Normalize(text, output);
            Assert.Equal("kept" + Obvious(spec, symbols, suffix, text), Encoding.UTF8.GetString(output.Written));
        }, iter: 8000);

    private static string Obvious(NormalizerSpec spec, string[] symbols, bool suffix, byte[] utf8)
    {
        var rules = spec.Name.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(rule => rule.Split('\u0001')).Select(rule => (From: rule[0], To: rule[1])).ToArray();
        var parts = new List<string>();
        for (var rest = utf8.AsSpan(); !rest.IsEmpty;)
        {
            var bytes = rest.ToArray();
            bool Starts(string prefix) => bytes.AsSpan().StartsWith(Encoding.UTF8.GetBytes(prefix));
            var symbol = symbols.Where(Starts).MaxBy(text => Encoding.UTF8.GetByteCount(text));
            var rule = rules.Where(rule => Starts(rule.From)).OrderBy(rule => Encoding.UTF8.GetByteCount(rule.From)).LastOrDefault();
            var length = 1;
            if (symbol is not null)
            {
                length = Encoding.UTF8.GetByteCount(symbol);
            }
            else if (rule.From is not null)
            {
                (length, symbol) = (Encoding.UTF8.GetByteCount(rule.From), rule.To);
            }
            else if (Rune.DecodeFromUtf8(rest, out var rune, out var consumed) == OperationStatus.Done)
            {
                (length, symbol) = (consumed, rune.ToString());
            }

            parts.Add(symbol ?? "\ufffd");
            rest = rest[length..];
        }

        var space = spec.EscapeWhitespaces ? "▁" : " ";
        if (spec.RemoveExtraWhitespaces)
        {
            parts = [.. parts.SkipWhile(part => part == " ")];
        }

        if (parts.Count == 0)
        {
            return "";
        }

        // One by one: what a part's spaces become hangs on how the last part that left anything ended.
        var (text, afterSpace) = ("", spec.RemoveExtraWhitespaces);
        foreach (var part in parts)
        {
            var left = afterSpace ? part.TrimStart(' ') : part;
            if (left.Length > 0)
            {
                text += left.Replace(" ", space);
                afterSpace = spec.RemoveExtraWhitespaces && left.EndsWith(' ');
            }
        }

        text = (spec.AddDummyPrefix && !suffix ? space : "") + text;
        while (spec.RemoveExtraWhitespaces && text.EndsWith(space, StringComparison.Ordinal))
        {
            text = text[..^space.Length];
        }

        return text + (spec.AddDummyPrefix && suffix ? space : "");
    }
}
