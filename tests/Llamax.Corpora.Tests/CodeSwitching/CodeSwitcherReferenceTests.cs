using System.Buffers;
using System.Text;
using CsCheck;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Testing;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Tests.CodeSwitching;

/// <summary>The fast switcher beside the obvious one.</summary>
public sealed class CodeSwitcherReferenceTests
{
    private static readonly string[] Codes = ["de", "el", "en", "fr", "tr"];
    private static readonly string[] Words = ["I", "Σας", "ΣΑΣ", "ab", "aB", "İz", "x", "café", "été au lait", "犬", "b-c"];

    [Fact]
    public void Both_write_the_same() => Gen.Select(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, Words.Length - 1], Gen.Int[0, Words.Length - 1]).Where(entry => entry.Item1 != entry.Item2).Array[1, 60],
        Gen.OneOf(Gen.Int[0, Words.Length - 1].Select(i => Words[i]), Gen.Const("Y"), Gen.Const(", "), Gen.Const("'"), Gen.Const(" \u0301")).Array[1, 12],
        Gen.Select(Gen.Int[1, 2], Gen.Int[1, 4], Gen.Int[1, 10], Gen.Bool)).Sample((some, pieces, settings) =>
    {
        var entries = some.Select(entry => (From: Codes[entry.Item1], To: Codes[entry.Item2], Word: Words[entry.Item3], Translation: Words[entry.Item4])).ToList();
        var options = new CodeSwitchOptions { Hops = settings.Item1, FanOut = settings.Item2, Rate = settings.Item3 / 10.0, Languages = settings.Item4 ? [] : [entries[0].From, "fr"] };
        using var lexicon = Lexicon(entries);
        var (fast, plain) = (new CodeSwitcher(lexicon, options, 7), new PlainCodeSwitcher(entries, options, 7));
        var text = string.Join(' ', pieces);
        for (var copy = 0; copy < 3; copy++)
        {
            Assert.Equal(plain.Switch("el", "en", text, "other", copy, options.Rate), Run(fast, "el", "en", text, "other", copy));
            Assert.Equal(plain.Switch("tr", "de", text, "", copy, options.Rate), Run(fast, "tr", "de", text, "", copy));
            Assert.Equal(plain.Switch("en", "en", text, "", copy, 1), RunText(fast, "en", text, copy));
        }
    }, iter: 300);

    /// <summary>More languages than a word of memory has bits, more ways than are kept, and the same words again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    public void Both_go_the_same_ways_over_two_hops_through_many_languages(int fanOut)
    {
        string[] codes = [.. LanguageRegistry.Default.All.Where(language => language.Words is null or "spaces").Select(language => language.Code)];
        Assert.True(codes.Length > 64);
        string[] words = ["a", "A", "b", "c", "d", "e"];
        var language = Gen.Int[0, codes.Length - 1].Select(i => codes[i]);
        var word = Gen.Int[0, words.Length - 1].Select(i => words[i]);
        Gen.Select(Gen.Select(language, language, word, word).Where(entry => entry.Item1 != entry.Item2 && entry.Item1 != "en").Array[200, 400], word.Array[1, 20]).Sample((some, text) =>
        {
            var entries = some.Select((entry, i) => (From: i % 2 == 0 ? "en" : entry.Item1, To: entry.Item2, Word: entry.Item3, Translation: entry.Item4))
                .Where(entry => entry.From != entry.To).ToList();
            var options = new CodeSwitchOptions { Hops = 2, FanOut = fanOut, Rate = 0.8 };
            using var lexicon = Lexicon(entries);
            var (fast, plain) = (new CodeSwitcher(lexicon, options, 7), new PlainCodeSwitcher(entries, options, 7));
            for (var copy = 0; copy < 3; copy++)
            {
                var sentence = string.Join(' ', text);
                Assert.Equal(plain.Switch("en", "de", sentence, "x", copy, options.Rate), Run(fast, "en", "de", sentence, "x", copy));
                Assert.Equal(plain.Switch("fr", "en", sentence, "x", copy, options.Rate), Run(fast, "fr", "en", sentence, "x", copy));
            }
        }, iter: 60);
    }

    /// <summary>On the real dictionaries, in one language after the other and in several threads.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Both_write_the_same_of_real_sentences(int hops)
    {
        var archive = Shared.Path("data", "dictionaries", "cosda_muse_panlex.tar.gz");
        var flores = Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz");
        var entries = new List<(string, string, string, string)>();
        using var builder = new LexiconBuilder();
        foreach (var (code, file) in new[] { ("fr", "fr2"), ("sv", "sw2") })
        {
            builder.AddFiles($"en-{code}", [$"{archive}!cosda_muse_panlex/{file}.txt"]);
            using var reader = new DictionaryReader(TextFile.FindOne($"{archive}!cosda_muse_panlex/{file}.txt"));
            while (reader.TryRead(out var word, out var translation))
            {
                entries.Add(("en", code, Encoding.UTF8.GetString(word), Encoding.UTF8.GetString(translation)));
            }
        }

        var options = new CodeSwitchOptions { Hops = hops, Rate = 0.5 };
        using var lexicon = builder.Build(1);
        var (fast, plain) = (new CodeSwitcher(lexicon, options, 3), new PlainCodeSwitcher(entries, options, 3));
        var english = LineReader.Read(TextFile.FindOne($"{flores}!*/eng.dev")).Take(100).ToList();
        var swedish = LineReader.Read(TextFile.FindOne($"{flores}!*/swe.dev")).Take(100).ToList();
        Parallel.For(0, english.Count, i =>
        {
            Assert.Equal(plain.Switch("en", "de", english[i], swedish[i], 0, 0.5), Run(fast, "en", "de", english[i], swedish[i], 0));
            Assert.Equal(plain.Switch("sv", "de", swedish[i], english[i], 1, 0.5), Run(fast, "sv", "de", swedish[i], english[i], 1));
        });
    }

    [Fact]
    public void After_the_first_sentences_no_memory_is_taken()
    {
        using var lexicon = Lexicon([("en", "fr", "dog", "chien"), ("en", "de", "dog", "Hund"), ("de", "sv", "Hund", "Hund")]);
        var switcher = new CodeSwitcher(lexicon, new CodeSwitchOptions { Hops = 2, Rate = 0.9 }, 1);
        var (source, target, output) = (Encoding.UTF8.GetBytes("The dog, the DOG and été the dog."), "x"u8.ToArray(), new ArrayBufferWriter<byte>(1 << 16));
        long allocated = 0;
        for (var i = 0; i < 2000; i++)
        {
            allocated = i == 1000 ? GC.GetAllocatedBytesForCurrentThread() : allocated;
            output.ResetWrittenCount();
            switcher.TrySwitch("en", "sv", source, target, i, output);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1000);
    }

    [Fact]
    public void Allowed_languages_that_the_lexicon_lacks_are_an_error()
    {
        using var lexicon = Lexicon([("en", "fr", "dog", "chien")]);
        Assert.Contains("it has en, fr", Assert.Throws<LlamaxException>(() => new CodeSwitcher(lexicon, new CodeSwitchOptions { Languages = ["de"] }, 1)).Message, StringComparison.Ordinal);
    }

    private static MultilingualLexicon Lexicon(IEnumerable<(string From, string To, string Word, string Translation)> entries)
    {
        using var builder = new LexiconBuilder();
        foreach (var direction in entries.GroupBy(entry => (entry.From, entry.To)))
        {
            builder.Add(direction.Key.From, direction.Key.To, direction.Select(entry => (entry.Word, entry.Translation)));
        }

        return builder.Build(1);
    }

    private static string? Run(CodeSwitcher switcher, string source, string target, string text, string other, int copy)
    {
        var output = new ArrayBufferWriter<byte>();
        return switcher.TrySwitch(source, target, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(other), copy, output) ? Encoding.UTF8.GetString(output.WrittenSpan) : Nothing(output);
    }

    private static string? RunText(CodeSwitcher switcher, string language, string text, int copy)
    {
        var output = new ArrayBufferWriter<byte>();
        return switcher.TrySwitchText(language, Encoding.UTF8.GetBytes(text), copy, output) ? Encoding.UTF8.GetString(output.WrittenSpan) : Nothing(output);
    }

    private static string? Nothing(ArrayBufferWriter<byte> output)
    {
        Assert.Equal(0, output.WrittenCount);
        return null;
    }
}
