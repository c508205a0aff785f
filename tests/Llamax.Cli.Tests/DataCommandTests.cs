using System.CommandLine;
using System.Text.Json;
using Llamax.Cli.Commands;
using Llamax.Corpora;
using Llamax.Corpora.Shards;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Tests;

[Collection("console")]
public sealed class DataCommandTests
{
    [Fact]
    public void Stats_count_a_pair_for_both_of_its_languages()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary);
        var (code, output) = Run("stats", temporary.File("data"));
        Assert.Equal(0, code);
        Assert.Equal(
            """
            language  kind      entries  tokens  targets  partners
            en        mono            2       6        4
            en        parallel        2       8        6         1
            fr        parallel        2       8        6         1
            all                       4      14       10
            left out: 3 pairs that are too long

            """.ReplaceLineEndings("\n"), output);
    }

    [Fact]
    public void Stats_as_json_have_the_same_numbers()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary);
        var (_, output) = Run("stats", temporary.File("data"), "--json");
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal((4, 14), (root.GetProperty("entries").GetInt32(), root.GetProperty("tokens").GetInt32()));
        Assert.Equal("fr", root.GetProperty("languages")[2].GetProperty("language").GetString());
        Assert.Equal(1, root.GetProperty("languages")[2].GetProperty("partners").GetInt32());
        Assert.Equal(3, root.GetProperty("left_out").GetProperty("pairs that are too long").GetInt32());
    }

    [Fact]
    public void Verify_ends_with_1_where_a_shard_differs()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary);
        Assert.Equal(0, Run("verify", temporary.File("data")).Code);
        File.AppendAllText(temporary.File("data/shard-00000.arrow"), "x");
        var (code, output) = Run("verify", temporary.File("data"));
        Assert.Equal(1, code);
        Assert.StartsWith("shard-00000.arrow: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_decodes_entries_and_marks_the_part_without_loss()
    {
        var model = Shared.Path("data", "tokenizers", "llama2_tokenizer.model");
        var tokenizer = TokenizerFolder.Load(model);
        using var temporary = new TemporaryFolder();
        int[] source = [tokenizer.BosId!.Value, .. tokenizer.Encode("the chien sleeps")];
        using (var writer = new ShardWriter(
            temporary.File("data"), new ShardOptions(), TokenizerStamp.Of(model, tokenizer.VocabularySize, temporary.File("data"))))
        {
            writer.Add(new TrainingExample([.. source, .. tokenizer.Encode("der Hund\nschläft")], source.Length, "code-switched", "en-de"));
            writer.Add(new TrainingExample([1, .. tokenizer.Encode("A text.")], 0, "mono", "en"));
            writer.Complete();
        }

        var (code, output) = Run("show", temporary.File("data"));
        Assert.Equal(0, code);
        Assert.Contains("    ⟦the chien sleeps⟧ der Hund⏎schläft\n", output, StringComparison.Ordinal);
        Assert.Contains("1  mono  en  ", output, StringComparison.Ordinal);
        Assert.Contains("    A text.\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("A text.", Run("show", temporary.File("data"), "-n", "1").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_says_which_tokenizer_is_missing()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary);
        Assert.Contains("--tokenizer", Assert.Throws<LlamaxException>(() => Run("show", temporary.File("data"))).Message, StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder temporary)
    {
        using var writer = new ShardWriter(temporary.File("data"), new ShardOptions());
        writer.Add(new TrainingExample([1, 5, 2], 0, "mono", "en"));
        writer.Add(new TrainingExample([1, 6, 2], 0, "mono", "en"));
        writer.Add(new TrainingExample([1, 6, 5, 2], 0, "parallel", "en-fr"));
        writer.Add(new TrainingExample([1, 5, 6, 2], 0, "parallel", "fr-en"));
        writer.LeaveOut("pairs that are too long", 3);
        writer.Complete();
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var (before, captured) = (Console.Out, new StringWriter { NewLine = "\n" });
        Console.SetOut(captured);
        try
        {
            var code = DataCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return (code, captured.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }
}
