using CsCheck;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

public sealed class MaximumMatchSegmenterTests
{
    [Theory]
    [InlineData("ไปหามเหสี", "ไป|หา|มเหสี", "ไป หาม เห สี หา มเหสี")] // Forward matching takes หาม and has no word for what is left of the queen.
    [InlineData("โคลงเรือ", "โคลง|เรือ", "โค ลง โคลง เรือ")]
    [InlineData("ตากลม", "ตาก|ลม", "ตา กลม ตาก ลม")] // Two and two words: the longer first one.
    [InlineData("แมวกินสมศักดิ์ปลา", "แมว|กิน|สมศักดิ์|ปลา", "แมว กิน ปลา")]
    [InlineData("แมว COVID-19 กินปลา๑๒", "แมว|COVID-19|กิน|ปลา|๑๒", "แมว กิน ปลา")]
    [InlineData("จันทร์เสาร์", "จัน|ทร์เสาร์", "จัน เสา")] // A silenced consonant begins no word, so เสา is not found.
    [InlineData("ก็เก็บ", "ก็|เก็บ", "ก็ เก็ บ")]
    [InlineData("กัน", "กัน", "กั น")]
    public void Thai(string text, string words, string lexicon) => Assert.Equal(words, Words(new(lexicon.Split(' ')), text));

    [Theory]
    [InlineData("ແມວກິນປາ", "ແມວ|ກິນ|ປາ", "ແມວ ກິນ ປາ ກິ")]
    [InlineData("ຂ້ອຍຮັກ", "ຂ້ອຍ|ຮັກ", "ຂ້ອຍ ຮັ ກ")]
    [InlineData("ខ្មែរស្រី", "ខ្មែរ|ស្រី", "ខ្មែរ ខ ស រី")]
    [InlineData("ខ្មែរ\u200bស្រី។", "ខ្មែរ|ស្រី", "ស្រី")]
    [InlineData("မြန်မာစာ", "မြန်မာ|စာ", "မြန်မာ စာ မြ")]
    [InlineData("ဒုက္ခရောက်", "ဒုက္ခ|ရောက်", "ဒု ခ ရော ဒုက္ခ က်")]
    [InlineData("ຈັນທ\u0ECCໂມງ", "ຈັນທ\u0ECC|ໂມງ", "ຈັນ ໂມງ")] // Silenced consonants, as in Thai.
    [InlineData("ប្រយោជន\u17CDនេះ", "ប្រយោជន\u17CD|នេះ", "ប្រយោជ នេះ")]
    [InlineData("ခွင\u1037\u103Aပြု", "ခွင\u1037\u103A|ပြု", "ခွ ပြု")]
    [InlineData("၎င်းသည်၏", "၎င်း|သည်|၏", "၎င်း သည် ၏")]
    public void Lao_Khmer_and_Burmese(string text, string words, string lexicon) => Assert.Equal(words, Words(new(lexicon.Split(' ')), text));

    [Theory]
    [InlineData("東京タワーに行った。", "東京|タワー|に|行った", "東京 に 行った タワ")]
    [InlineData("山田太郎はコンピューターゲームをしゃべった", "山田太郎|は|コンピューターゲーム|を|しゃべった", "は を")]
    [InlineData("人々と言って", "人々|と|言|って", "人 と って")]
    [InlineData("二〇二一年Tシャツ3枚", "二〇二一|年|Tシャツ|3|枚", "年 Tシャツ 枚")]
    [InlineData("ｶﾞｷﾞｭｳ", "ｶﾞ|ｷﾞｭｳ", "ｶﾞ ｷﾞ")]
    public void Japanese(string text, string words, string lexicon) => Assert.Equal(words, Words(new(lexicon.Split(' ')), text));

    [Fact]
    public void Unknown_Chinese_falls_into_characters() =>
        Assert.Equal("张|小|明|在|北京|大学|生|New York|的", Words(new(["北京", "大学", "New York"], UnknownText.Characters), "张小明在北京大学生New York的"));

    [Theory]
    [InlineData(UnknownText.Runs)]
    [InlineData(UnknownText.Characters)]
    public void Is_the_best_of_all_ways_to_cut(UnknownText unknown)
    {
        string[] letters = ["ก", "ข", "ค", "เ", "า", "ั", "์", "あ", "ゃ", "ア", "漢", "𠮷", "a", "-", " "];
        var words = Gen.Int[0, letters.Length - 1].Select(i => letters[i]).Array[1, 4].Select(string.Concat);
        var texts = Gen.Int[0, letters.Length - 1].Select(i => letters[i]).Array[0, 9].Select(string.Concat);
        Gen.Select(words.Array[0, 12], texts, texts).Sample(
            (lexicon, some, more) =>
            {
                var text = some.Length + more.Length < 13 ? some + more : some;
                var segments = new List<(int Start, int Length, bool IsWord)>();
                new MaximumMatchSegmenter(lexicon, unknown).Segment(text, segments);
                Assert.Equal(PlainMaximumMatch.Cut(text, [.. lexicon], unknown), segments.Select(segment => text.Substring(segment.Start, segment.Length)));
            },
            iter: 2_000);
    }

    [Fact]
    public void Long_texts_take_time_in_proportion_and_no_memory_of_their_own()
    {
        var segmenter = new MaximumMatchSegmenter(Enumerable.Range(1, 400).Select(length => new string('ก', length)));
        var text = new string('ก', 300_000) + "ข";
        var segments = new List<(int Start, int Length, bool IsWord)>(text.Length);
        segmenter.Segment(text, segments);
        segments.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        segmenter.Segment(text, segments);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(751, segments.Count);
    }

    private static string Words(MaximumMatchSegmenter segmenter, string text)
    {
        var segments = new List<(int Start, int Length, bool IsWord)>();
        segmenter.Segment(text, segments);
        return string.Join('|', segments.Where(segment => segment.IsWord).Select(segment => text.Substring(segment.Start, segment.Length)));
    }
}
