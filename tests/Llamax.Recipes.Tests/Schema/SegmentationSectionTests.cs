using Llamax.Recipes.Schema;
using Llamax.Testing;
using Llamax.Text.Languages;

namespace Llamax.Recipes.Tests.Schema;

public sealed class SegmentationSectionTests : IDisposable
{
    private const string Recipe = """
        languages: [en, zh, th]
        data:
          base_text: { en: [mono.txt] }
          multiway: [{ en: mono.txt, zh: mono.txt, th: mono.txt }]
          dictionaries: { en-zh: [mono.txt], en-th: [mono.txt] }
          segmentation:
            zh: { jieba: dict.txt, user: mine.txt }
            th: { words: [th.txt] }
          instructions: [tasks.json]
          test: { en: test.en, zh: test.zh }
        base: { steps: 10 }
        pretrain: { steps: 10 }
        finetune: { steps: 10 }
        """;

    private const string Hmm = """
        {"start": {"B": -1, "E": -9, "M": -9, "S": -1},
         "trans": {"B": {"E": -1, "M": -1}, "E": {"B": -1, "S": -1}, "M": {"E": -1, "M": -1}, "S": {"B": -1, "S": -1}},
         "emit": {"B": {"小": -1}, "E": {"明": -1}, "M": {}, "S": {}}}
        """;

    private readonly TemporaryFolder folder = new();

    public SegmentationSectionTests()
    {
        foreach (var (name, text) in new[]
        {
            ("mono.txt", ""), ("tasks.json", ""), ("test.en", ""), ("test.zh", ""),
            ("dict.txt", "北京 50\n大学 40\n"), ("mine.txt", "北京大学\n"), ("th.txt", "แมว\n"), ("bad.txt", "北京 50\n大学\n"),
        })
        {
            File.WriteAllText(folder.File(name), text);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Segmenters_know_the_words_of_the_files_and_of_the_dictionaries()
    {
        var data = Load(Recipe).Data;

        Assert.Equal("我|在|北京大学", Words("zh", "我在北京大学", []));
        Assert.Equal("แมว|กิน|ปลา", Words("th", "แมวกินปลา", ["กิน"]));
        Assert.Equal(
            ["dict.txt", "mine.txt", "th.txt"],
            data.Files().Where(file => file.Key.StartsWith("data.segmentation.", StringComparison.Ordinal)).Select(file => file.Path));

        string Words(string code, string text, string[] known)
        {
            var segments = new List<(int Start, int Length, bool IsWord)>();
            data.Segmentation[code].Load(LanguageRegistry.Default.Get(code), data.Resolve, known).Segment(text, segments);
            return string.Join('|', segments.Select(segment => text.Substring(segment.Start, segment.Length)));
        }
    }

    [Fact]
    public void The_documented_entries_are_right()
    {
        File.WriteAllText(folder.File("names.txt"), "小明\n");
        File.WriteAllText(folder.File("thai.txt"), "แมว\n");
        File.WriteAllText(folder.File("hmm.json"), Hmm);
        var page = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "segmentation.md"));
        var snippet = page.Split("```yaml\n")[1].Split("```")[0].TrimEnd().ReplaceLineEndings("\n  ");
        var start = Recipe.IndexOf("segmentation:", StringComparison.Ordinal);
        var end = Recipe.IndexOf("  instructions:", StringComparison.Ordinal);

        var sections = Load($"{Recipe[..start]}{snippet}\n{Recipe[end..]}").Data.Segmentation;

        Assert.Equal(("hmm.json", "names.txt"), (sections["zh"].Hmm, sections["zh"].User[0]));
        Assert.Equal("thai.txt", sections["th"].Words[0]);
    }

    [Theory]
    [InlineData("jieba: dict.txt, user", "jieba: dict.txt, uesr", "toy.yaml:7: unknown key 'uesr' in data.segmentation.zh; did you mean 'user'?")]
    [InlineData("jieba: dict.txt, user: mine.txt", "words: []", "toy.yaml:7: data.segmentation.zh: name a dictionary of jieba")]
    [InlineData("jieba: dict.txt, user", "words: th.txt, user", "toy.yaml:7: data.segmentation.zh: `hmm` and `user` have no effect without `jieba`")]
    [InlineData("jieba: dict.txt, user", "jieba: dict.txt, words", "toy.yaml:7: data.segmentation.zh: jieba takes its words from its own dictionary")]
    [InlineData("jieba: dict.txt", "jieba: gone.txt", "toy.yaml:7: data.segmentation.zh.jieba: there is no file")]
    [InlineData("jieba: dict.txt", "jieba: dict.txt, hmm: d.tar!hmm.json", "members of archives are not read here")]
    [InlineData("jieba: dict.txt", "jieba: bad.txt", "bad.txt:2: this is no entry of a jieba dictionary")]
    [InlineData("jieba: dict.txt", "jieba: dict.txt, hmm: dict.txt", "expected jieba's HMM tables")]
    [InlineData("words: [th.txt]", "jieba: dict.txt", "toy.yaml:8: data.segmentation.th: jieba is for Chinese, not for Thai")]
    [InlineData("th: { words", "en: { words", "data.segmentation.en: English has spaces between its words")]
    [InlineData("th: { words", "ja: { words", "data.segmentation.ja: 'ja' is not among `languages`")]
    [InlineData("  dictionaries: { en-zh: [mono.txt], en-th: [mono.txt] }\n", "", "data.segmentation has no effect without data.dictionaries")]
    public void Each_mistake_is_named(string old, string changed, string message)
    {
        Assert.Contains(old, Recipe, StringComparison.Ordinal);
        var error = Assert.Throws<LlamaxException>(() => Load(Recipe.Replace(old, changed, StringComparison.Ordinal))).Message;
        Assert.Contains(message, error, StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.Split('\n'));
    }

    private Recipe Load(string yaml)
    {
        File.WriteAllText(folder.File("toy.yaml"), yaml);
        return RecipeFile.Load(folder.File("toy.yaml"));
    }
}
