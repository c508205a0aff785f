using System.Text;
using CsCheck;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>The unigram encoder beside a slow, obvious one, on random vocabularies and texts.</summary>
public sealed class UnigramReferenceTests
{
    private const int LongestPiece = 4; // In characters.

    private static readonly Gen<string> Letter = Generators.AnyOf("a", "b", "c", "▁", "é", "中", "😀");

    private static readonly Gen<(string Text, PieceType Type)> Entry = Gen.Select(
        Letter.Array[1, LongestPiece].Select(string.Concat), Gen.Frequency((8, Gen.Const(PieceType.Normal)), (1, Gen.Const(PieceType.UserDefined)), (1, Gen.Const(PieceType.Unused))));

    // Any scores; or those of the length, so that all paths are equal but for the rounding of their sums.
    private static readonly Gen<Piece[]> Vocabulary =
        from entries in Entry.Array[1, 25]
        from scores in Gen.Float[-20, 1].Array[entries.Length]
        from perCharacter in Generators.AnyOf(0, 0.1, 0.3, 0.7, 1.3)
        select entries.Select((entry, i) => new Piece(entry.Text, perCharacter == 0 ? scores[i] : (float)(-perCharacter * entry.Text.EnumerateRunes().Count()), entry.Type))
            .DistinctBy(piece => piece.Text).ToArray();

    /// <summary>Words as in any text: a few that come again and again, so that they are remembered, with ever larger sums before them.</summary>
    private static readonly Gen<string> Text =
        from words in Letter.Array[0, 8].Select(string.Concat).Array[1, 6]
        from order in Gen.Int[0, words.Length - 1].Array[0, 120]
        from spaced in Gen.Bool
        select string.Join(spaced ? "▁" : "", order.Select(word => words[word]));

    [Fact]
    public void Segments_and_ids_are_those_of_the_obvious_algorithm() =>
        Gen.Select(Vocabulary, Text.Array[1, 3], Gen.Bool).Sample((vocabulary, texts, inWords) => Compare(vocabulary, texts, inWords), iter: 800);

    [Fact]
    [Trait("Category", "Long")]
    public void Segments_and_ids_are_those_of_the_obvious_algorithm_over_and_over() =>
        Gen.Select(Vocabulary, Text.Array[1, 3], Gen.Bool).Sample((vocabulary, texts, inWords) => Compare(vocabulary, texts, inWords), time: 40);

    private static void Compare(Piece[] vocabulary, string[] texts, bool inWords)
    {
        // Without pieces across spaces words are cut, and remembered.
        Piece[] kept = [new("<unk>", 0, PieceType.Unknown), .. vocabulary.Where(piece => !inWords || piece.Text.TrimStart('▁').IndexOf('▁', StringComparison.Ordinal) < 0)];
        var model = new SentencePieceModel { Type = ModelType.Unigram, Pieces = kept };
        var table = new PieceTable(kept);
        var encoder = new UnigramEncoder(table, new UnknownIds(model, table));
        var (workspace, ids) = (new EncoderWorkspace(), new TokenBuffer());
        foreach (var text in texts)
        {
            var expected = Obvious(text, kept);
            workspace.Clear();
            workspace.Normalized.Append(Encoding.UTF8.GetBytes(text));
            encoder.Encode(workspace);
            Assert.Equal(expected, workspace.Segments.Select(segment =>
                (Encoding.UTF8.GetString(workspace.Normalized.Written.Slice(segment.Start, segment.Length)), segment.Id)));

            ids.Truncate(0);
            encoder.Encode(workspace, ids);
            Assert.Equal(Joined(expected.Select(piece => piece.Id)), Joined(ids.Written.ToArray()));
        }
    }

    /// <summary>Every piece that ends at a place, from the one that begins first: it is taken if its sum is above the best, which is kept as a float.</summary>
    private static List<(string Text, int Id)> Obvious(string text, Piece[] pieces)
    {
        var normal = pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score).ToArray();
        var (lowest, highest) = (normal.Append(float.MaxValue).Min(), normal.Append(1.17549435e-38f).Max());
        var characters = text.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        var best = new (float Score, int Start, int Id)?[characters.Length + 1];
        best[0] = (0, 0, -1);
        for (var end = 1; end <= characters.Length; end++)
        {
            for (var start = Math.Max(0, end - LongestPiece); start < end; start++)
            {
                var part = string.Concat(characters[start..end]);
                var id = Array.FindIndex(pieces, piece => piece.Text == part && (piece.Type is PieceType.Normal or PieceType.UserDefined));
                var before = best[start]!.Value.Score;
                if (id < 0 && end - start > 1)
                {
                    continue;
                }

                var sum = id < 0 ? lowest - 10 + before
                    : pieces[id].Type == PieceType.UserDefined ? Encoding.UTF8.GetByteCount(part) * highest - 0.1 + before
                    : (double)pieces[id].Score + before;
                if (best[end] is not { } other || sum > other.Score)
                {
                    best[end] = ((float)sum, start, Math.Max(id, 0));
                }
            }
        }

        var path = new List<(string, int)>();
        for (var end = characters.Length; end > 0; end = best[end]!.Value.Start)
        {
            path.Add((string.Concat(characters[best[end]!.Value.Start..end]), best[end]!.Value.Id));
        }

        path.Reverse();
        return path;
    }

    private static List<int> Joined(IEnumerable<int> ids)
    {
        var joined = new List<int>();
        foreach (var id in ids)
        {
            if (id != 0 || joined.Count == 0 || joined[^1] != 0)
            {
                joined.Add(id);
            }
        }

        return joined;
    }
}
