using System.CommandLine;
using Llamax.Cli.Commands;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

/// <summary>Mistakes in a command line: one line each, in the words of who types it.</summary>
public sealed class ParseMessagesTests
{
    [Theory]
    [InlineData("generate --model m --seed 1.5", "--seed 1.5: expected is a whole number. See `llamax generate --help`.")]
    [InlineData("generate --model m --top-k 99999999999", "--top-k 99999999999: expected is a whole number of at most 2,147,483,647. See `llamax generate --help`.")]
    [InlineData("generate --model m --temperature warm", "--temperature warm: expected is a number. See `llamax generate --help`.")]
    [InlineData("generate --model m --beams 0", "--beams 0: expected is a number from 1 to 64. See `llamax generate --help`.")]
    [InlineData("generate --model m --dtype int8", "--dtype int8: expected is auto, float32, bfloat16 or float16. See `llamax generate --help`.")]
    [InlineData("generate --model m --dtype", "--dtype needs a value: expected is auto, float32, bfloat16 or float16. See `llamax generate --help`.")]
    [InlineData("generate --model m --tempreture 1", "--tempreture is no option of `llamax generate`; did you mean --temperature? See `llamax generate --help`.")]
    [InlineData("generate --model m --frobnicate=1", "--frobnicate is no option of `llamax generate`. See `llamax generate --help`.")]
    [InlineData("generate --model m file other", "'other' is one argument too many. See `llamax generate --help`.")]
    [InlineData("generate --model m --model n", "--model is given 2 times (m, n), and takes one value. See `llamax generate --help`.")]
    [InlineData("generate", "--model is missing: The model: a Hugging Face folder with its tokenizer. See `llamax generate --help`.")]
    [InlineData("generate --model '' --prompt ''", "--model '' is empty: The model: a Hugging Face folder with its tokenizer. See `llamax generate --help`.")]
    [InlineData("generate --model", "--model needs a value: The model: a Hugging Face folder with its tokenizer. See `llamax generate --help`.")]
    [InlineData("tokenizer train --input a --vocabulary-size 300 --out x.model --thread", "--thread is no option of `llamax tokenizer train`; did you mean --threads? See `llamax tokenizer train --help`.")]
    [InlineData("tokenizer train --input a --vocabulary-size 3 --out x.model", "--vocabulary-size 3: expected is a number from 10 to 1,000,000. See `llamax tokenizer train --help`.")]
    [InlineData("score --metric blue --ref r --hyp h", "--metric blue: expected is bleu, spbleu, chrf or chrf++. See `llamax score --help`.")]
    [InlineData("model convert a b --vocabulary 0", "--vocabulary 0: expected is a number of at least 1. See `llamax model convert --help`.")]
    [InlineData("lexicon build en-fr=f --out o --hops 3", "--hops 3: expected is a number from 1 to 2. See `llamax lexicon build --help`.")]
    [InlineData("data show d -n -5", "-n -5: expected is a number of at least 1. See `llamax data show --help`.")]
    [InlineData("data build r --out o --max-bad-lines -1", "--max-bad-lines -1: expected is a number of at least 0. See `llamax data build --help`.")]
    [InlineData("model info", "DIR is missing: A Hugging Face model folder. See `llamax model info --help`.")]
    [InlineData("model info ''", "DIR '' is empty: A Hugging Face model folder. See `llamax model info --help`.")]
    [InlineData("pull", "NAME[@REVISION] is missing: A model's repository such as org/name, a data set's as datasets/org/name, with a branch, tag or commit behind an @. See `llamax pull --help`.")]
    [InlineData("model", "`llamax model` needs a verb: info, check or convert. See `llamax model --help`.")]
    [InlineData("model chek a", "'chek' is no verb of `llamax model`; did you mean check? See `llamax model --help`.")]
    [InlineData("--frobnicate", "--frobnicate is no option of `llamax`. See `llamax --help`.")]
    [InlineData("transalte --model m", "'transalte' is no verb of `llamax`; did you mean translate? See `llamax --help`.")]
    [InlineData("data build r --out o --worker 3/2", "--worker is '3/2'; it must be i/K, part i of K, such as 2/8. See `llamax data build --help`.")]
    [InlineData("data build r --out o --worker 1/2 --dry-run", "--worker and --dry-run do not go together: the estimate is of the whole. Leave one of the two out. See `llamax data build --help`.")]
    public void A_mistake_is_one_line_with_what_was_given_and_what_is_expected(string line, string message) => Assert.Equal([message], Messages(Split(line)));

    [Fact]
    public void Each_mistake_has_a_line_of_its_own() => Assert.Equal(
        [
            "--from is missing: Language of the input, such as en. See `llamax translate --help`.",
            "--to is missing: Language to translate into. See `llamax translate --help`.",
        ],
        Messages("translate", "--model", "m").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("generate --model m --prompt @file")]
    [InlineData("generate --model m --prompt --well --stop '' file")]
    [InlineData("generate --model m -- --file")]
    [InlineData("lexicon show file en -- --ly")]
    [InlineData("generate --help")]
    [InlineData("generate --help --frobnicate")]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("data stats d --json")]
    public void What_is_none_is_not_said_to_be(string line) => Assert.Empty(Messages(Split(line)));

    [Fact]
    public void A_file_where_a_folder_is_to_be_written_is_named_before_anything_is_done()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("file");
        File.WriteAllText(file, "mine");
        foreach (var verb in new string[][]
        {
            ["run", "r", "--out"], ["train", "r", "--out"], ["finetune", "r", "--out"], ["data", "build", "r", "--out"], ["data", "stats", "d", "--out"], ["report", "d", "--out"],
            ["evaluate", "b", "--system", "a=b", "--out"], ["tokenizer", "extend", "--base", "b", "--corpus", "c", "--new-tokens", "1", "--out"], ["model", "convert", "a"],
        })
        {
            Assert.Contains($"{file} is a file. Name a folder to write into", Assert.Single(Messages([.. verb, file])));
            Assert.Contains($"{file} is a file, no folder.", Assert.Single(Messages([.. verb, $"{file}/new"])));
            Assert.Empty(Messages([.. verb, folder.File("new/deep")]));
            Assert.Empty(Messages([.. verb, folder.Path]));
        }
    }

    [Fact]
    public void A_folder_where_a_file_is_to_be_written_is_named_before_anything_is_done()
    {
        using var folder = new TemporaryFolder();
        foreach (var verb in new string[][]
        {
            ["translate", "--model", "m", "--from", "en", "--to", "zh", "--output"], ["lexicon", "build", "en-fr=f", "--out"], ["tokenizer", "convert", "l", "--out"],
            ["tokenizer", "train", "--input", "i", "--vocabulary-size", "300", "--out"], ["tokenizer", "train", "--input", "i", "--vocabulary-size", "300", "--out", "o", "--tokenizer-json"],
            ["tokenizer", "fertility", "--tokenizer", "t", "--data", "d", "--csv"], ["tokenizer", "fertility", "--tokenizer", "t", "--data", "d", "--figure"],
        })
        {
            Assert.Contains($"{verb[^1]} {folder.Path} is a folder. Name a file to write. See", Assert.Single(Messages([.. verb, folder.Path])));
            Assert.Empty(Messages([.. verb, folder.File("new")]));
        }
    }

    [Fact]
    public async Task The_program_ends_with_code_2_and_prints_them_alone()
    {
        var (code, printed, error) = await CommandLine.RunAsync("", "generate", "--model", "m", "--seed", "1.5", "--dtype", "int8");
        Assert.Equal((2, ""), (code, printed));
        Assert.Equal(
            ["llamax: --dtype int8: expected is auto, float32, bfloat16 or float16. See `llamax generate --help`.", "llamax: --seed 1.5: expected is a whole number. See `llamax generate --help`."],
            error.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
    }

    private static string[] Split(string line) => [.. line.Split(' ').Select(word => word == "''" ? "" : word)];

    private static IReadOnlyList<string> Messages(params string[] arguments)
    {
        var root = new RootCommand();
        foreach (var command in CommandList.All())
        {
            root.Subcommands.Add(command);
        }

        return ParseMessages.Of(ExitCodes.Parse(root, arguments));
    }
}
