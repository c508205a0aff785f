using System.CommandLine;
using System.Text.Json;
using Llamax.Cli.Commands;
using Llamax.Corpora;
using Llamax.Corpora.Packed;
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
            family         language  name     mono  pairs  directions  pseudo  augmented  other  tokens
            Indo-European  en        English     2      2           1       0          0      0      14
            Indo-European  fr        French      0      2           1       0          0      0       8

            kind      entries  tokens  targets
            mono            2       6        4
            parallel        2       8        6
            all             4      14       10

            left out: 3 pairs that are too long

            """.ReplaceLineEndings("\n"), output);
    }

    [Fact]
    public void Stats_count_entries_that_share_a_row_one_by_one()
    {
        using var temporary = new TemporaryFolder();
        using (var writer = new ShardWriter(temporary.File("data"), new ShardOptions(), packing: PackingMode.Isolated))
        {
            writer.Add(new TrainingExample([1, 5, 2], 0, "mono", "en"));
            writer.Add(new TrainingExample([1, 6, 2], 0, "mono", "en"));
            writer.Complete();
        }

        Assert.EndsWith(
            """
            kind  entries  tokens  targets
            mono        2       6        4
            all         2       6        4
            packed into 1 rows

            """.ReplaceLineEndings("\n"), Run("stats", temporary.File("data")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_as_json_have_the_same_numbers()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary);
        var (_, output) = Run("stats", temporary.File("data"), "--json");
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal((4, 14), (root.GetProperty("entries").GetInt32(), root.GetProperty("tokens").GetInt32()));
        Assert.Equal("fr", root.GetProperty("languages")[1].GetProperty("language").GetString());
        Assert.Equal(1, root.GetProperty("languages")[1].GetProperty("directions").GetInt32());
        Assert.Equal(1, root.GetProperty("pairs")[0].GetProperty("backward").GetInt32());
        Assert.Equal(6, root.GetProperty("kinds")[1].GetProperty("targets").GetInt32());
        Assert.Equal(3, root.GetProperty("left_out").GetProperty("pairs that are too long").GetInt32());
    }

    [Fact]
    public void Stats_say_what_cleaning_did_and_write_a_page_and_tables()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary);
        var manifest = temporary.File("data/manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"cleaning\": []", """
            "cleaning": [
              {"step":"decontaminate","languages":"en","count":1200,"benchmark":"flores101"}, {"step":"unicode","languages":"de","count":7},
              {"step":"unicode","languages":"en","count":8}
            ]
            """));
        var (_, output) = Run("stats", temporary.File("data"), "--out", temporary.File("report"));
        Assert.Contains(
            """
            cleaning                  texts or pairs  most of them in
            decontaminate, flores101           1,200  en 1,200
            unicode                               15  en 8, de 7

            """.ReplaceLineEndings("\n"), output, StringComparison.Ordinal);
        Assert.Equal("step,languages,benchmark,count\ndecontaminate,en,flores101,1200\nunicode,de,,7\nunicode,en,,8\n", File.ReadAllText(temporary.File("report/cleaning.csv")));
        Assert.Equal("first,second,forward,backward,pseudo,augmented,tokens\nen,fr,1,1,0,0,8\n", File.ReadAllText(temporary.File("report/pairs.csv")));
        Assert.StartsWith(
            "family,language,name,mono,pairs,directions,pseudo,augmented,other,tokens,targets,paper_mono,paper_pairs,paper_directions\n"
            + "Indo-European,en,English,2,2,1,0,0,0,14,10,846712,19548583,100\n", File.ReadAllText(temporary.File("report/languages.csv")), StringComparison.Ordinal);
        Assert.Contains("<h1>data</h1>", File.ReadAllText(temporary.File("report/index.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_estimates_nothing()
    {
        var errors = DataCommand.Create().Parse(["build", "recipe.yaml", "--out", "run", "--worker", "1/2", "--dry-run"]).Errors;
        Assert.Contains("--worker and --dry-run do not go together", Assert.Single(errors).Message, StringComparison.Ordinal);
        Assert.Empty(DataCommand.Create().Parse(["build", "recipe.yaml", "--out", "run", "--worker", "1/2"]).Errors);
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
