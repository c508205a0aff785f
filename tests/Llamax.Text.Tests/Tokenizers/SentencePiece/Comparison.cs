using System.Text;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>Our answers beside the library's.</summary>
internal static class Comparison
{
    /// <summary>Fails where an id of a text differs. A text that the library gives up must be one that names a control piece.</summary>
    public static void SameIds(Tokenizer ours, IReadOnlyList<byte[]> texts, IReadOnlyList<int[]> theirs, string where, params string[] controls)
    {
        var ids = new List<int>();
        for (var i = 0; i < texts.Count; i++)
        {
            ids.Clear();
            ours.Encode(texts[i], ids);
            if (!ids.SequenceEqual(theirs[i]))
            {
                Assert.True(theirs[i].Length == 0 && ids.Count > 0 && controls.Any((Show(texts[i]) + string.Concat(ours.EncodePieces(Encoding.UTF8.GetString(texts[i])))).Contains),
                    $"{where}, text {i}: '{Show(texts[i])}' ({Convert.ToHexString(texts[i].AsSpan(0, Math.Min(2000, texts[i].Length)))}) gives {Show(ids)} instead of {Show(theirs[i])}");
            }
        }
    }

    /// <summary>Fails where the text of a sequence of ids differs, whole or streamed.</summary>
    public static void SameTexts(Tokenizer ours, IReadOnlyList<int[]> sequences, IReadOnlyList<string> theirs, string where)
    {
        for (var i = 0; i < sequences.Count; i++)
        {
            var text = ours.Decode(sequences[i]);
            Assert.True(text == theirs[i], $"{where}, ids {i}: {Show(sequences[i])} give '{text}' instead of '{theirs[i]}'");
        }
    }

    private static string Show(byte[] text) => Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(text.Length, 500)));

    private static string Show(IEnumerable<int> ids) => string.Join(' ', ids.Take(200));
}
