using CsCheck;
using Llamax.Text.Sentences;

namespace Llamax.Text.Tests.Sentences;

public class SentenceSplitterTests
{
    [Theory]
    [InlineData("Tea is hot. Milk is cold!  Is it? Yes.", "Tea is hot.|Milk is cold!|Is it?|Yes.")]
    [InlineData("He met Dr. Smith, i.e. the boss. \"Hello.\" She left.", "He met Dr. Smith, i.e. the boss.|\"Hello.\"|She left.")]
    [InlineData("J. R. R. Tolkien wrote it. It costs 3.50 euros... or so. 2. Then go.", "J. R. R. Tolkien wrote it.|It costs 3.50 euros... or so.|2. Then go.")]
    [InlineData("他来了。“你好！”她说。", "他来了。|“你好！”|她说。")]
    [InlineData("यह पानी है। वह दूध है॥", "यह पानी है।|वह दूध है॥")]
    [InlineData("هل هو هنا؟ نعم. حسنا", "هل هو هنا؟|نعم.|حسنا")]
    [InlineData("ቤት ነው። ውሃ ነው።", "ቤት ነው።|ውሃ ነው።")]
    [InlineData("one\ntwo\r\n\r\nthree", "one|two|three")]
    [InlineData("see example.com. Next", "see example.com.|Next")]
    [InlineData("¿Qué? ¡Nada! Bien.", "¿Qué?|¡Nada!|Bien.")]
    [InlineData("Er sagt: „Ja.“ Sie geht. »Nein.« Gut. «Oui.» Bon.", "Er sagt: „Ja.“|Sie geht.|»Nein.«|Gut.|«Oui.»|Bon.")]
    [InlineData("", "")]
    public void Sentences_end_where_readers_end_them(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', SentenceSplitter.Split(text).Select(sentence => sentence.Text)));

    [Fact]
    public void Sentences_and_gaps_are_the_text() => Gen.OneOf(Gen.Char, Gen.Char[" .!?。\n\"()aZ1"]).Array[0, 60].Sample(characters =>
    {
        var text = new string(characters);
        var sentences = SentenceSplitter.Split(text);
        Assert.Equal(text, string.Concat(sentences.Select(sentence => sentence.Text + sentence.Gap)));
        Assert.All(sentences, sentence => Assert.Equal(sentence.Text.Trim(), sentence.Text));
        Assert.All(sentences, sentence => Assert.True(string.IsNullOrWhiteSpace(sentence.Gap)));
    });
}
