using System.CommandLine;
using System.Text;
using System.Text.Json;
using Llamax.Cli.Commands;
using Llamax.Corpora.Dictionaries;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

[Collection("console")]
public sealed class LexiconCommandTests
{
    [Fact]
    public void Build_merges_dictionaries_and_stats_counts_them()
    {
        using var temporary = new TemporaryFolder();
        var path = Build(temporary);
        var (code, output, _) = Run("stats", path, "--text", $"en={Write(temporary, "t.txt", "The dog, the DOG and the cat.\n")}");
        Assert.Equal(0, code);
        Assert.Equal(
            """
            x.lexicon: 10 entries, 2 hops with fan-out 4, of 3 dictionaries

            language  words  # entity
            de            1         1
            en            2         3
            fr            3         3

            direction  words  entries  # entity
            de-en          1        1         1
            en-de          1        1         1
            en-fr          2        4         3
            fr-en          3        4         3

            text  words  known          different  known
            en        7      3  42.9 %          4      2  50.0 %

            """.ReplaceLineEndings("\n"), output.Replace(temporary.Path + "/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Stats_as_json_have_the_same_numbers()
    {
        using var temporary = new TemporaryFolder();
        var root = JsonDocument.Parse(Run("stats", Build(temporary), "--json").Output).RootElement;
        Assert.Equal((2, 4, 10), (root.GetProperty("hops").GetInt32(), root.GetProperty("fan_out").GetInt32(), root.GetProperty("entries").GetInt32()));
        Assert.Equal(3, root.GetProperty("languages")[2].GetProperty("entities").GetInt32());
        var direction = root.GetProperty("directions")[2];
        Assert.Equal("en fr 4 3", $"{direction.GetProperty("from")} {direction.GetProperty("to")} {direction.GetProperty("entries")} {direction.GetProperty("entities")}");
        Assert.False(direction.TryGetProperty("similarity", out _));
        Assert.Equal("b.txt", root.GetProperty("dictionaries")[2].GetProperty("name").GetString());
    }

    [Fact]
    public void Show_prints_translations_with_their_dictionaries()
    {
        using var temporary = new TemporaryFolder();
        var (code, output, _) = Run("show", Build(temporary), "deu", "HUND");
        Assert.Equal(0, code);
        Assert.Equal(
            """
            language  translation  through   dictionary
            en        dog                    en-de c.txt
            fr        chien        dog (en)  en-de c.txt, en-fr a.txt
            fr        Toutou       dog (en)  en-de c.txt, en-fr a.txt

            """.ReplaceLineEndings("\n"), output);
        var json = JsonDocument.Parse(Run("show", temporary.File("x.lexicon"), "deu", "HUND", "--json").Output).RootElement;
        Assert.Equal("dog", json[1].GetProperty("through").GetProperty("word").GetString());
    }

    [Fact]
    public void Show_lets_no_word_steer_the_terminal_and_says_where_there_is_none()
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.File("y.lexicon");
        Run("build", $"en-fr={Write(temporary, "a.txt", "dog chi\u001b[2Jen\u009B\n")}", "--out", path);
        Assert.Contains("chi␛[2Jen\uFFFD", Run("show", path, "en", "dog").Output, StringComparison.Ordinal);
        var (code, output, error) = Run("show", path, "en", "cat");
        Assert.Equal((0, "", "The lexicon has no translation of 'cat' (en).\n"), (code, output, error));
        Assert.Equal("The lexicon has no word of 'sw'; it has those of en, fr.\n", Run("show", path, "sw", "paka").Error);
        Assert.Equal("[]\n", Run("show", path, "en", "cat", "--json").Output);
    }

    [Fact]
    public void Build_says_what_it_read_and_wrote()
    {
        using var temporary = new TemporaryFolder();
        var (_, _, error) = Run(
            "build", $"en-fr={Write(temporary, "a.txt", "dog chien\nlonely\n")}", "--out", temporary.File("y.lexicon"), "--one-way", "--lowercase", "--memory", "1");
        Assert.Equal("en-fr: a.txt, 1 lines are no entries\ny.lexicon: 1 entries of 2 languages, 1 hop, " + $"{new FileInfo(temporary.File("y.lexicon")).Length:N0} bytes\n",
            error.Replace(temporary.Path + "/", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("names no dictionary", "a.txt")]
    [InlineData("no direction", "en=a.txt")]
    [InlineData("Unknown language 'xq'", "en-xq=a.txt")]
    [InlineData("no such file", "en-fr=b.txt")]
    [InlineData("does nothing without --hops 2", "en-fr=a.txt", "--fan-out", "3")]
    [InlineData("written over", "en-fr=a.txt", "--out", "a.txt")]
    public void Build_refuses(string message, params string[] arguments)
    {
        using var temporary = new TemporaryFolder();
        Write(temporary, "a.txt", "dog chien\n");
        arguments = [.. arguments.Select(argument => argument.Replace("a.txt", temporary.File("a.txt"), StringComparison.Ordinal)), .. arguments.Contains("--out") ? Array.Empty<string>() : ["--out", temporary.File("x")]];
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => Run(["build", .. arguments])).Message, StringComparison.Ordinal);
        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(temporary.Path).Select(Path.GetFileName));
    }

    /// <summary>Against vectors that were averaged here, token by token.</summary>
    [Fact]
    public void Similarity_is_the_mean_cosine_of_the_words_mean_rows()
    {
        var model = Shared.Path("data", "tokenizers", "llama2_tokenizer.model");
        using var temporary = new TemporaryFolder();
        Directory.CreateDirectory(temporary.File("model"));
        File.Copy(model, temporary.File("model/tokenizer.model"));
        var tokenizer = Llamax.Text.Tokenizers.TokenizerFolder.Load(model);
        const int width = 6;
        float Value(int id, int i) => (float)Math.Sin((id * 31) + (i * 7));
        WriteMatrix(temporary.File("model/model.safetensors"), tokenizer.VocabularySize, width, Value);
        var expected = Entries().Select(entry => Cosine(Mean(entry.Item1), Mean(entry.Item2))).Average();
        var root = JsonDocument.Parse(Run("stats", Build(temporary), "--json", "--model", temporary.File("model")).Output).RootElement;
        Assert.Equal(expected, root.GetProperty("directions")[2].GetProperty("similarity").GetDouble(), 1e-9);

        static (string, string)[] Entries() => [("cat", "chat"), ("dog", "chien"), ("dog", "Toutou"), ("cat", "chien")];

        double[] Mean(string word)
        {
            var ids = tokenizer.Encode(word);
            return [.. Enumerable.Range(0, width).Select(i => ids.Average(id => (double)Value(id, i)))];
        }

        static double Cosine(double[] a, double[] b) =>
            a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x)) / Math.Sqrt(b.Sum(x => x * x));
    }

    private static void WriteMatrix(string path, int rows, int width, Func<int, int, float> value)
    {
        var header = Encoding.UTF8.GetBytes(
            $$$"""{"model.embed_tokens.weight":{"dtype":"F32","shape":[{{{rows}}},{{{width}}}],"data_offsets":[0,{{{4L * rows * width}}}]}}""");
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write((long)header.Length);
        writer.Write(header);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < width; i++)
            {
                writer.Write(value(row, i));
            }
        }
    }

    private static string Build(TemporaryFolder temporary)
    {
        var path = temporary.File("x.lexicon");
        var (code, output, _) = Run(
            "build", $"en-fr={Write(temporary, "a.txt", "dog chien\nDog Toutou\ncat\tchat\n")}", $"en-fr={Write(temporary, "b.txt", "cat chien\ndog chien\n")}",
            $"en-de={Write(temporary, "c.txt", "dog Hund\n")}", "--out", path, "--hops", "2", "--fan-out", "4");
        Assert.Equal((0, ""), (code, output));
        return path;
    }

    private static string Write(TemporaryFolder temporary, string name, string text)
    {
        File.WriteAllText(temporary.File(name), text);
        return temporary.File(name);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var (before, errorBefore) = (Console.Out, Console.Error);
        var (captured, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        Console.SetOut(captured);
        Console.SetError(errors);
        try
        {
            var code = LexiconCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return (code, captured.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errorBefore);
        }
    }
}
