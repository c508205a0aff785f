using System.Formats.Tar;
using System.IO.Compression;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Segmentation.Jieba;

namespace Llamax.Text.Tests.Segmentation.Jieba;

/// <summary>Every part is jieba's, with the HMM and without, with a user's dictionary and without.</summary>
public sealed class JiebaParityTests
{
    private const string UserWords =
        "\uFEFF机器翻译\n黑天鹅事件 nz\r\nC++语言 12 n\n\n  研究生命  \n研究 0\n的 0 uj\nhello world 3\n北京 大学 7\n9 8\n𠮷野家\n"
        + "kubernetes\n￥\n人工智能 99999999999 n\n3.14 5\n人\n人们\n人们\nab-c_d x\n他来 0\n小明 0 nr\n，。\n大学生活 3 A\n";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Chinese_lines_of_FLORES(bool withUserWords) => Compare(
        [
            .. Lines("flores101_dev_devtest.tar.gz", "zho_simpl", "zho_trad"),
            .. Lines("flores200_dev_devtest.tar.gz", "cmn_Hans", "cmn_Hant", "yue"),
        ],
        withUserWords ? UserWords : null);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fuzzed_strings(bool withUserWords) => CompareFuzzed(1_500, withUserWords, 1);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(false)]
    [InlineData(true)]
    public void Many_fuzzed_strings(bool withUserWords)
    {
        for (var seed = 2; seed < 12; seed++)
        {
            CompareFuzzed(10_000, withUserWords, seed);
        }
    }

    private static void CompareFuzzed(int count, bool withUserWords, int seed)
    {
        var texts = new FuzzedChinese(Dictionary(), new RandomStream(seed, "jieba-fuzz", withUserWords ? "user" : "plain"));
        var userWords = withUserWords ? UserWords + string.Concat(Enumerable.Range(0, 300).Select(_ => texts.UserLine() + texts.AmbiguousWords())) : null;
        Compare([.. Enumerable.Range(0, count).Select(_ => texts.Text())], userWords);
    }

    private static void Compare(IReadOnlyList<string> texts, string? userWords)
    {
        using var folder = new TemporaryFolder();
        string[] users = userWords is null ? [] : [folder.File("user.txt")];
        if (userWords is not null)
        {
            File.WriteAllText(users[0], userWords);
        }

        var (total, expected) = JiebaProgram.Cut(folder, Dictionary(), texts, users);
        var withHmm = JiebaSegmenter.Load(Dictionary(), Shared.Path("data", "dictionaries", "jieba", "hmm.json"), users);
        var without = JiebaSegmenter.Load(Dictionary(), userDictionaries: users);
        Assert.Equal(texts.Count, expected.Count);
        Assert.Equal(total, JiebaLoader.Load(Dictionary(), users).Total);
        for (var i = 0; i < texts.Count; i++)
        {
            Assert.Equal(Parts(texts[i], expected[i].WithHmm), withHmm.Cut(texts[i]));
            Assert.Equal(Parts(texts[i], expected[i].Without), without.Cut(texts[i]));
        }
    }

    private static List<string> Parts(string text, int[] lengths)
    {
        var (parts, start) = (new List<string>(), 0);
        foreach (var length in lengths)
        {
            parts.Add(text.Substring(start, length));
            start += length;
        }

        return parts;
    }

    private static string Dictionary() => Shared.Path("data", "dictionaries", "jieba", "dict.txt.small");

    private static IEnumerable<string> Lines(string archive, params string[] languages)
    {
        string[] names = [.. languages.SelectMany(language => new[] { $"/{language}.dev", $"/{language}.devtest" })];
        using var tar = new TarReader(new GZipStream(File.OpenRead(Shared.Path("data", "flores", archive)), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (Array.Exists(names, name => entry.Name.EndsWith(name, StringComparison.Ordinal)) && entry.DataStream is { } data)
            {
                using var reader = new StreamReader(data);
                while (reader.ReadLine() is { } line)
                {
                    yield return line;
                }
            }
        }
    }
}
