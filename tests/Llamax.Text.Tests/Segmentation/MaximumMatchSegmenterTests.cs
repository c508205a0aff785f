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
    [InlineData("กขคงจฉ", "กขค|งจฉ", "ขคง งจฉ")] // From ข on, its word would be as good; what is unknown goes on over it all the same.
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
        Gen.OneOf(Gen.Const(3), Gen.Const(letters.Length)).SelectMany(count => // Of three letters only, so that many ways are as good.
        {
            var some = Gen.Int[0, count - 1].Select(i => letters[i]);
            var texts = some.Array[0, count == 3 ? 4 : 9].Select(string.Concat);
            return Gen.Select(some.Array[1, 4].Select(string.Concat).Array[0, 12], texts, texts);
        }).Sample(
            (lexicon, some, more) =>
            {
                var text = some.Length + more.Length < 13 ? some + more : some;
                Assert.Equal(PlainMaximumMatch.Cut(text, [.. lexicon], unknown), Parts(new(lexicon, unknown), text));
            },
            iter: 2_000);
    }

    /// <summary>Texts longer than what is looked at together, words longer than a bit stands for, few and many different characters.</summary>
    [Theory]
    [InlineData("กขคเาั์", 1)]
    [InlineData("ກຂເາັ໌ະ", 1)]
    [InlineData("កខ\u17D2\u17CDិ", 1)]
    [InlineData("ကခ\u1039\u103A\u1037ိ", 1)]
    [InlineData("あいゃっーアャ漢字", 1)]
    [InlineData("กข あア漢한하\u200D\u0301क्\uD842\uDFB7👩aB9-'\r\n", 1)]
    [InlineData("กขคงจฉ", 40)]
    [InlineData("漢", 3000)]
    public void Is_what_the_plain_way_finds_in_long_texts(string letters, int following)
    {
        var letter = Gen.Select(Gen.Int[0, letters.Length - 1], Gen.Int[0, following - 1]).Select(which => (char)(letters[which.Item1] + which.Item2));
        var word = Gen.OneOf(letter.Array[1, 5], letter.Array[2, 9], letter.Array[55, 140]).Select(chars => new string(chars));
        var piece = Gen.OneOf(letter.Array[0, 30].Select(chars => new string(chars)), Gen.Const(""));
        Gen.Select(word.Array[0, 60], piece.Array[0, 60], Gen.Int[0, 1000], Gen.Bool).Sample(
            (lexicon, pieces, seed, runs) =>
            {
                var text = string.Concat(pieces.Select((piece, i) => piece + (lexicon.Length > 0 ? lexicon[((i * 7919) + seed) % lexicon.Length] : "")));
                var unknown = runs ? UnknownText.Runs : UnknownText.Characters;
                Assert.Equal(PlainMaximumMatch.CutLong(text, [.. lexicon], unknown), Parts(new(lexicon, unknown), text));
            },
            iter: 100);
    }

    /// <summary>Every length around the steps in which texts are looked at.</summary>
    [Fact]
    public void Texts_of_every_length_are_cut()
    {
        var segmenter = new MaximumMatchSegmenter(["กข", "ข", "ขกขก"]);
        for (var length = 0; length < 600; length++)
        {
            var text = string.Concat(Enumerable.Repeat("กขขขกค \uD800", (length / 8) + 1))[..length];
            Assert.Equal(PlainMaximumMatch.CutLong(text, ["กข", "ข", "ขกขก"], UnknownText.Runs), Parts(segmenter, text));
        }
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

    private static string[] Parts(MaximumMatchSegmenter segmenter, string text)
    {
        var segments = new List<(int Start, int Length, bool IsWord)>();
        segmenter.Segment(text, segments);
        return [.. segments.Select(segment => text.Substring(segment.Start, segment.Length))];
    }

    private static string Words(MaximumMatchSegmenter segmenter, string text)
    {
        var segments = new List<(int Start, int Length, bool IsWord)>();
        segmenter.Segment(text, segments);
        return string.Join('|', segments.Where(segment => segment.IsWord).Select(segment => text.Substring(segment.Start, segment.Length)));
    }
}
