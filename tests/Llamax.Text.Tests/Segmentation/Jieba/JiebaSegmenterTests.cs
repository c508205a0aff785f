using System.Globalization;
using System.Text;
using CsCheck;
using Llamax.Testing;
using Llamax.Text.Segmentation.Jieba;

namespace Llamax.Text.Tests.Segmentation.Jieba;

public sealed class JiebaSegmenterTests
{
    private const string Words = "北京 50 ns\n北京大学 30 nt\n大学 40 n\n大学生 20\n生活 30 vn\n在 300 p\n研究 20\n研究生 20\n生命 20\nT恤 5 n\nC++ 5 nz\n";
    private const string Hmm =
        """
        {"start": {"B": -0.5, "E": -9, "M": -9, "S": -1.5},
         "trans": {"B": {"E": -0.5, "M": -1}, "E": {"B": -0.7, "S": -0.7}, "M": {"E": -0.5, "M": -1}, "S": {"B": -0.7, "S": -0.7}},
         "emit": {"B": {"小": -2, "张": -2}, "E": {"明": -2, "三": -2}, "M": {"小": -3}, "S": {"我": -1, "人们": -1, "é": -1}}}
        """;

    [Theory]
    [InlineData("北京大学生活在北京。", "北京大学/生活/在/北京/。")]
    [InlineData("研究生命", "研究/生命")]
    [InlineData("小明在北京", "小/明/在/北京")]
    [InlineData("iPhone 15,3.14%\r\n\n买T恤", "iPhone/ /15/,/3/./14/%/\r\n/\n/买/T恤")]
    [InlineData("café😀", "caf/é/😀")]
    [InlineData("", "")]
    public void Without_the_HMM_what_is_unknown_falls_apart(string text, string parts) => Assert.Equal(parts, Cut(Load(), text));

    [Theory]
    [InlineData("小明在北京", "小明/在/北京")]
    [InlineData("我张小三", "我/张小三")]
    [InlineData("iPhone 15,3.14%C++小明", "iPhone/ /15/,/3.14%/C++/小明")]
    [InlineData("a+#1.2.3%", "a/+#/1.2/./3%")]
    public void With_the_HMM_it_makes_words(string text, string parts) => Assert.Equal(parts, Cut(Load(hmm: Hmm), text));

    [Theory]
    [InlineData("小明", "小明在北京", "小明/在/北京")]
    [InlineData("小明 0", "小明在北京", "小/明/在/北京")]
    [InlineData("大学生活 x", "在大学生活", "在/大学生活")]
    [InlineData("北京大学 0", "北京大学", "北京/大学")]
    [InlineData("生活在 900 x\n\n", "生活在", "生活在")]
    public void The_users_words_are_found_whole_and_those_without_frequency_never(string user, string text, string parts) =>
        Assert.Equal(parts, Cut(Load(hmm: Hmm, user: user), text));

    [Fact]
    public void Segments_keep_other_scripts_words_and_marks_together()
    {
        var text = "在café、Москва-北京 naïve 研究❤\ufe0fประเทศe\u0301";
        var segments = new List<(int Start, int Length, bool IsWord)> { (7, 7, true) };
        Load().Segment(text, segments);
        Assert.Equal((7, 7, true), segments[0]);
        Assert.Equal("在/café/Москва/北京/naïve/研究/ป/ร/ะ/เ/ท/ศ/e\u0301",
            string.Join('/', segments.Skip(1).Where(segment => segment.IsWord).Select(segment => text.Substring(segment.Start, segment.Length))));
    }

    [Fact]
    public void Segments_cover_any_text_and_part_no_mark_from_its_base()
    {
        var segmenter = Load(hmm: Hmm);
        string[] fragments = ["北京", "大学", "小", "明", "a", "1", ".", "%", "-", " ", "，", "\r\n", "é", "e\u0301", "\u0301", "\u200d", "👩", "\ud83d", "\udc69", "\u0600", "ศ", "น้ำ", "한", "𠮷"];
        Gen.OneOf(Gen.String, Gen.Int[0, fragments.Length - 1].Select(i => fragments[i]).Array[0, 30].Select(string.Concat)).Sample(text =>
        {
            var segments = new List<(int Start, int Length, bool IsWord)>();
            segmenter.Segment(text, segments);
            Assert.Equal(text, string.Concat(segments.Select(segment => text.Substring(segment.Start, segment.Length))));
            var clusters = StringInfo.ParseCombiningCharacters(text);
            Assert.All(segments, segment => Assert.True(segment.Length > 0 && clusters.Contains(segment.Start)));
            Assert.Equal(text, string.Concat(segmenter.Cut(text)));
        });
    }

    [Fact]
    public void Time_grows_with_the_length_of_the_text_and_nothing_is_allocated()
    {
        var segmenter = Load(hmm: Hmm);
        var text = string.Concat(Enumerable.Repeat("小明北京大学生活未知的字", 50_000));
        var segments = new List<(int Start, int Length, bool IsWord)>(text.Length);
        for (var i = 0; i < 3; i++)
        {
            segments.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            segmenter.Cut(text, segments);
            if (i == 2)
            {
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }

        Assert.Equal(text.Length, segments.Sum(segment => segment.Length));
    }

    [Theory]
    [InlineData("北京 50\n大学\n", "dict.txt:2", "frequency")]
    [InlineData("北京 -5\n", "dict.txt:1", "frequency")]
    [InlineData("北京 5.5\n", "dict.txt:1", "frequency")]
    [InlineData("北京  5\n", "dict.txt:1", "frequency")]
    [InlineData("北京\t5\n", "dict.txt:1", "frequency")]
    [InlineData("北京 99999999999999999999\n", "dict.txt:1", "frequency")]
    [InlineData("北京 9223372036854775807\n大学 1\n", "dict.txt", "add up")]
    [InlineData("北京 0\n", "dict.txt", "above 0")]
    [InlineData("", "dict.txt", "above 0")]
    public void What_is_no_dictionary_is_refused(string words, string place, string reason)
    {
        var message = Assert.Throws<LlamaxException>(() => Load(words)).Message;
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_lines_are_refused_with_their_number()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("latin1.txt"), [.. "北京 5\n"u8, .. "caf"u8, 0xE9, .. " 5\n"u8]);
        Assert.Contains("latin1.txt:2: this is not UTF-8", Refusal(folder.File("latin1.txt")), StringComparison.Ordinal);
        File.WriteAllText(folder.File("long.txt"), "北京 5\n" + new string('北', 513) + " 5\n");
        Assert.Contains("long.txt:2", Refusal(folder.File("long.txt")), StringComparison.Ordinal);
        Assert.Contains("absent.txt", Refusal(folder.File("absent.txt")), StringComparison.Ordinal);
        Assert.Contains("user.txt:2", Assert.Throws<LlamaxException>(() => Load(user: "a\nb 99999999999999999999")).Message, StringComparison.Ordinal);
        Assert.Contains("user.txt:2", Assert.Throws<LlamaxException>(() => Load(user: "a\nb 9223372036854775807")).Message, StringComparison.Ordinal);

        static string Refusal(string path) => Assert.Throws<LlamaxException>(() => JiebaSegmenter.Load(path)).Message;
    }

    [Fact]
    public void Loading_takes_memory_in_proportion_to_the_files()
    {
        var random = new Random(1);
        string Letters(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26)))]);
        var pairs = Enumerable.Range(0, 1_000).Select(_ => Letters(500)).ToList();
        string[] hostile =
        [
            string.Concat(Enumerable.Repeat("a 1\n", 250_000)),
            string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{Letters(4)} 1\n")),
            string.Concat(pairs.SelectMany(word => new[] { $"{word}a 1\n", $"{word}b 1\n" })),
            string.Concat(Enumerable.Range(1, 512).Select(length => $"{new string('a', length)} 1\n")),
        ];
        using var folder = new TemporaryFolder();
        foreach (var words in hostile)
        {
            File.WriteAllText(folder.File("dict.txt"), words);
            var before = GC.GetAllocatedBytesForCurrentThread();
            JiebaSegmenter.Load(folder.File("dict.txt"));
            var dictionary = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(dictionary, words.Length, (16L * words.Length) + (1 << 20));
            JiebaSegmenter.Load(folder.File("dict.txt"), userDictionaries: [folder.File("dict.txt")]);
            var twice = GC.GetAllocatedBytesForCurrentThread() - before - dictionary;
            Assert.InRange(twice, words.Length, (32L * words.Length) + (1 << 20));
        }
    }

    [Theory]
    [InlineData("\"M\": {\"E\": -0.5, \"M\": -1}, ", "", "trans.M")]
    [InlineData("-0.5, \"E\": -9", "0.5, \"E\": -9", "start.B")]
    [InlineData("\"小\": -2", "\"小\": \"-2\"", "emit.B.小")]
    [InlineData("\"小\": -2", "\"小\": -1e999", "emit.B.小")]
    [InlineData("{\"B\": -0.5", "{\"X\": -0.5", "'X'")]
    [InlineData("{\"start\": {", "[{", "JSON")]
    [InlineData("\"emit\": {", "\"note\": {\"B\": {\"小\": -9}}, \"emit\": {", "'note'")]
    [InlineData("{\"小\": -2", "[{\"小\": -2", "JSON")]
    public void What_is_no_HMM_is_refused(string old, string changed, string reason)
    {
        var message = Assert.Throws<LlamaxException>(() => Load(hmm: Hmm.Replace(old, changed, StringComparison.Ordinal))).Message;
        Assert.Contains("hmm.json", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_HMM_is_refused_or_harmless()
    {
        using var folder = new TemporaryFolder();
        var content = Encoding.UTF8.GetBytes(Hmm);
        for (var length = 0; length < content.Length; length++)
        {
            Assert.Throws<LlamaxException>(() => Read(content[..length]));
        }

        Gen.Select(Gen.Int[0, content.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var damaged = content.ToArray();
                foreach (var (place, value) in changes)
                {
                    damaged[place] = value;
                }

                try
                {
                    Read(damaged).Decode("小明张三我", new byte[5]);
                }
                catch (LlamaxException)
                {
                }
            },
            iter: 500,
            threads: 1);

        JiebaHmm Read(byte[] json)
        {
            File.WriteAllBytes(folder.File("hmm.json"), json);
            return JiebaHmmReader.Read(folder.File("hmm.json"));
        }
    }

    private static JiebaSegmenter Load(string words = Words, string? hmm = null, string? user = null)
    {
        using var folder = new TemporaryFolder();
        var (dictionary, tables, users) = (folder.File("dict.txt"), folder.File("hmm.json"), folder.File("user.txt"));
        File.WriteAllText(dictionary, words);
        File.WriteAllText(users, user);
        File.WriteAllText(tables, hmm);
        return JiebaSegmenter.Load(dictionary, hmm is null ? null : tables, user is null ? null : [users]);
    }

    private static string Cut(JiebaSegmenter segmenter, string text) => string.Join('/', segmenter.Cut(text));
}
