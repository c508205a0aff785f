using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Extending;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.Extending;

public sealed class VocabularyExtenderTests
{
    private static readonly Gen<string[]> Corpora = Gen.OneOf(
        Gen.Char["abcয়াক 7"].Array[0, 12].Select(characters => new string(characters)),
        Gen.Char["aab "].Array[0, 12].Select(characters => new string(characters)),
        Gen.Char["কখগ্কক "].Array[0, 14].Select(characters => new string(characters))).Array[1, 12];

    [Fact]
    public void Pieces_are_those_that_weighing_the_whole_corpus_each_time_finds()
    {
        using var folder = new TemporaryFolder();
        var file = Base(folder);
        var model = SentencePieceModelReader.Read(file);
        Corpora.Sample(lines =>
        {
            var options = new ExtensionOptions { NewTokens = 1, MinimumCount = 1, AnyScript = true, MaxPieceLength = 6 };
            var words = new BaseWords(model);
            Array.ForEach(lines, words.Add);
            if (!words.Counts.Keys.Any(word => word.Any(char.IsLetter)))
            {
                return;
            }

            var scripts = new PieceScripts(options, words);
            var learner = new PieceLearner(model, words, scripts, options.MinimumCount);
            var expected = SlowExtender.Learn(model, lines, 12, options.MinimumCount, piece => scripts.Allow(piece));
            Assert.Equal(expected, Enumerable.Range(0, expected.Count).Select(_ => learner.Next() ?? ("nothing", 0)));
            Assert.True(expected.Count == 12 || learner.Next() is null);
        }, iter: 400);
    }

    [Fact]
    public void Every_new_piece_is_the_cut_of_its_own_text()
    {
        var (file, lines) = (Llama2(), Bengali(".devtest"));
        var extension = new VocabularyExtender(file, new ExtensionOptions { NewTokens = 1600 }).Extend(lines);
        using var folder = new TemporaryFolder();
        extension.Write(folder.File("tokenizer.model"));
        var model = SentencePieceModelReader.Read(folder.File("tokenizer.model"));
        var bare = new SentencePieceTokenizer(model with { Normalizer = model.Normalizer with { AddDummyPrefix = false } });
        Assert.All(extension.Pieces, piece => Assert.Equal([piece.Id], bare.Encode(piece.Text)));
        Assert.Equal(Enumerable.Range(32_000, 1600), extension.Pieces.Select(piece => piece.Id));
        Assert.Equal(["Bengali"], extension.Scripts);
    }

    [Theory]
    [InlineData(100, 2)]
    [InlineData(1600, 2)]
    [InlineData(12_800, 1)]
    public void The_library_encodes_with_them_and_other_scripts_keep_their_tokens(int pieces, int minimumCount)
    {
        var (file, lines) = (Llama2(), Bengali(".dev", ".devtest"));
        using var folder = new TemporaryFolder();
        new VocabularyExtender(file, new ExtensionOptions { NewTokens = pieces, MinimumCount = minimumCount }).Extend(lines).Write(folder.File("tokenizer.model"));
        var (before, after) = (SentencePieceTokenizer.Load(file), SentencePieceTokenizer.Load(folder.File("tokenizer.model")));
        Assert.Equal(SpmEncode.Ids(folder.File("tokenizer.model"), lines), lines.Select(line => after.Encode(line)));
        Assert.True(lines.Sum(line => after.Encode(line).Length) < 0.6 * lines.Sum(line => before.Encode(line).Length));

        var others = Flores.Lines(Shared.Path("data", "flores", "flores200_dev_devtest.tar.gz"), Everything() ? int.MaxValue : 10, "")
            .Where(line => !line.Any(character => character is >= '\u0980' and <= '\u09ff')).ToArray();
        Assert.True(others.Length > 3000);
        Assert.Equal(SpmEncode.Ids(folder.File("tokenizer.model"), others), others.Select(line => before.Encode(line)));
        Assert.All(others, line => Assert.Equal(before.Encode(line), after.Encode(line)));
    }

    [Fact]
    public void The_order_of_lines_changes_nothing()
    {
        var (file, lines) = (Llama2(), Bengali(".devtest")[..200]);
        using var folder = new TemporaryFolder();
        foreach (var (name, corpus) in new[] { ("a", lines), ("b", [.. lines.Reverse()]) })
        {
            new VocabularyExtender(file, new ExtensionOptions { NewTokens = 300 }).Extend(corpus).Write(folder.File(name));
        }

        Assert.Equal(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("b")));
    }

    [Fact]
    public void All_else_in_the_file_stays_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        var original = File.ReadAllBytes(Base(folder));

        // A field that nobody knows, in the file and before the pieces' end.
        var odd = new ProtobufWriter();
        odd.Field(99, "odd");
        using var stream = new MemoryStream();
        odd.Write(stream);
        byte[] content = [.. stream.ToArray(), .. original, .. stream.ToArray()];
        File.WriteAllBytes(folder.File("odd.model"), content);
        var extension = new VocabularyExtender(folder.File("odd.model"), new ExtensionOptions { NewTokens = 2, MinimumCount = 1 }).Extend(["ককখ কক"]);
        extension.Write(folder.File("new.model"));

        var (old, now) = (Fields(content), Fields(File.ReadAllBytes(folder.File("new.model"))));
        Assert.Equal(2, now.RemoveAll(field => field.Number == 1 && extension.Pieces.Any(piece => System.Text.Encoding.UTF8.GetString(field.Bytes).Contains(piece.Text))));
        var trainer = old.FindIndex(field => field.Number == 2);
        Assert.Equal(old.Where(field => field.Number != 2).Select(Text), now.Where(field => field.Number != 2).Select(Text));
        Assert.Equal(
            Fields(Body(old[trainer].Bytes)).Where(field => field.Number != 4).Select(Text),
            Fields(Body(now[trainer].Bytes)).Where(field => field.Number != 4).Select(Text));
        Assert.Equal(extension.Size, SentencePieceModelReader.Read(folder.File("new.model")).Pieces.Count);

        static string Text((int Number, byte[] Bytes) field) => Convert.ToHexString(field.Bytes);
    }

    [Fact]
    public void What_a_corpus_cannot_give_is_said()
    {
        using var folder = new TemporaryFolder();
        var file = Base(folder);
        Assert.Contains("yields 1 new", Message(file, new ExtensionOptions { NewTokens = 9, MaxPieceLength = 1 }, "ক ক খ"));
        Assert.Contains("Bengali", Message(file, new ExtensionOptions { NewTokens = 9, Scripts = ["Thai"] }, "ক ক খ"));
        Assert.Contains("no script dominates", Message(file, new ExtensionOptions { NewTokens = 9 }, "1, 2"));
        Assert.Contains("not both", Message(file, new ExtensionOptions { NewTokens = 9, Scripts = ["Thai"], AnyScript = true }, "ক"));
        var unigram = Shared.Path("data", "tokenizers", "t5_spiece.model");
        Assert.Contains("unigram", Message(unigram, new ExtensionOptions { NewTokens = 1 }, "ক"));
    }

    [Fact]
    public void Pieces_are_letters_of_the_script_alone()
    {
        using var folder = new TemporaryFolder();
        var extension = new VocabularyExtender(Base(folder), new ExtensionOptions { NewTokens = 6, MinimumCount = 1 }).Extend(["কখ, খক! ab ১২ কখ কখ"]);
        Assert.All(extension.Pieces, piece => Assert.Matches(@"^(▁?[ক-হ]+|[০-৯])$", piece.Text));
    }

    private static bool Everything() => Environment.GetEnvironmentVariable("LLAMAX_TESTS") is "long" or "all";

    private static string Message(string file, ExtensionOptions options, params string[] lines) =>
        Assert.Throws<LlamaxException>(() => new VocabularyExtender(file, options).Extend(lines)).Message;

    private static string Base(TemporaryFolder folder)
    {
        var path = folder.File("base.model");
        new BpeTrainer(new BpeTrainerOptions { VocabularySize = 275, CharacterCoverage = 1 })
            .Train(["abc ab abc aab", "the cat sat on the mat"], path);
        return path;
    }

    private static string Llama2() => Shared.Path("data", "tokenizers", "llama2_tokenizer.model");

    private static string[] Bengali(params string[] parts) =>
        [.. parts.SelectMany(part => Flores.Lines(Shared.Path("data", "flores", "flores200_dev_devtest.tar.gz"), int.MaxValue, $"/ben{part}"))];

    private static List<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[])>();
        var reader = new ProtobufReader(message);
        for (var start = 0; reader.Next(); start = reader.Position)
        {
            reader.Skip();
            fields.Add((reader.Field, message[start..reader.Position]));
        }

        return fields;
    }

    private static byte[] Body(byte[] field)
    {
        var reader = new ProtobufReader(field);
        reader.Next();
        return reader.Bytes().ToArray();
    }
}
