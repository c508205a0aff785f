using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>The encoder beside a slow, obvious one, on random vocabularies and texts.</summary>
public sealed class BpeEncoderTests
{
    [Fact]
    public void Segments_are_those_of_the_obvious_algorithm()
    {
        var letters = AnyOf("a", "b", "c", "▁", "é", "中", "😀");
        var pieces = Gen.Select(letters.Array[1, 5].Select(string.Concat), Gen.Int[-3, 0]).Array[0, 25];
        Gen.Select(pieces, letters.Array[0, 30].Select(string.Concat)).Sample((vocabulary, text) =>
        {
            var scores = vocabulary.DistinctBy(piece => piece.Item1).ToDictionary(piece => piece.Item1, piece => (float)piece.Item2);
            var table = new PieceTable([new("<unk>", 0, PieceType.Unknown), .. scores.Select(piece => new Piece(piece.Key, piece.Value, PieceType.Normal))]);
            var workspace = new EncoderWorkspace();
            workspace.Normalized.Append(System.Text.Encoding.UTF8.GetBytes(text));
            new PlainBpeEncoder(table, userDefined: null).Encode(workspace);
            var segments = workspace.Segments.Select(segment =>
                System.Text.Encoding.UTF8.GetString(workspace.Normalized.Written.Slice(segment.Start, segment.Length))).ToArray();
            Assert.Equal(Obvious(text, scores), segments);
            Assert.All(workspace.Segments.Zip(segments), pair => Assert.Equal(table.Find(pair.Second) ?? table.UnknownId, pair.First.Id));
        }, iter: 3000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ids_are_those_of_the_plain_encoder(bool byteFallback)
    {
        // Longer texts: several parts, some of them longer than a window, some of them again and again.
        var letters = AnyOf("a", "b", "c", "▁", "é", "中", "😀", "?");
        var pieces = Gen.Select(letters.Array[1, 6].Select(string.Concat), Gen.Int[-3, 0], Gen.Int[0, 20]).Array[0, 40];
        var words = letters.Array[1, 8].Select(string.Concat).Array[1, 5];
        Gen.Select(pieces, words, Gen.Int[0, 4].Array[0, 120]).Sample((vocabulary, words, order) =>
        {
            var model = new SentencePieceModel
            {
                Type = ModelType.Bpe,
                ByteFallback = byteFallback,
                Pieces =
                [
                    new("<unk>", 0, PieceType.Unknown),
                    .. Enumerable.Range(0, byteFallback ? 256 : 0).Select(value => new Piece(Piece.ForByte(value), 0, PieceType.Byte)),
                    .. vocabulary.DistinctBy(piece => piece.Item1)
                        .Select(piece => new Piece(piece.Item1, piece.Item2, piece.Item3 == 0 ? PieceType.UserDefined : PieceType.Normal)),
                ],
            };
            var table = new PieceTable(model.Pieces);
            var userDefined = model.Pieces.Index().Where(piece => piece.Item.Type == PieceType.UserDefined)
                .Select(piece => (System.Text.Encoding.UTF8.GetBytes(piece.Item.Text), piece.Index)).ToArray();
            var frozen = userDefined.Length > 0 ? new ByteTrie(userDefined) : null;
            var unknown = new UnknownIds(model, table);
            var workspace = new EncoderWorkspace();
            var text = string.Concat(order.Select(i => words[i % words.Length]));
            workspace.Normalized.Append(System.Text.Encoding.UTF8.GetBytes(text));
            var fast = Assert.IsType<BpeEncoder>(BpeEncoder.Create(table, frozen, unknown, model.Normalizer));
            var (actual, expected) = (new TokenBuffer(), new TokenBuffer());
            fast.Encode(workspace, actual);
            new PlainBpeEncoder(table, frozen).Encode(workspace);
            foreach (var segment in workspace.Segments)
            {
                unknown.Append(segment.Id, workspace.Normalized.Written.Slice(segment.Start, segment.Length), expected);
            }

            Assert.Equal(expected.Written.ToArray(), actual.Written.ToArray());
            if (fast.ReadsSpaces)
            {
                workspace.Clear();
                workspace.Normalized.Append(System.Text.Encoding.UTF8.GetBytes(text.Replace('▁', ' ')));
                actual.Truncate(0);
                fast.Encode(workspace, actual);
                Assert.Equal(expected.Written.ToArray(), actual.Written.ToArray());
            }
        }, iter: 3000);
    }

    [Fact]
    public void Vocabularies_that_no_trainer_makes_are_encoded_by_the_plain_encoder()
    {
        Piece unknown = new("<unk>", 0, PieceType.Unknown);
        Assert.IsType<PlainBpeEncoder>(Create(new Piece("ab", 0, PieceType.Unused)));
        Assert.IsType<PlainBpeEncoder>(Create(new Piece(new string('a', 600), 0, PieceType.Normal)));
        Assert.IsType<PlainBpeEncoder>(Create([.. Enumerable.Range(1, 200).Select(i => new Piece(new string('a', i), 0, PieceType.Normal))]));
        Assert.IsType<BpeEncoder>(Create([.. Enumerable.Range(1, 10).Select(i => new Piece(new string('a', i), 0, PieceType.Normal))]));

        IPieceEncoder Create(params Piece[] pieces)
        {
            var table = new PieceTable([unknown, .. pieces]);
            return BpeEncoder.Create(table, userDefined: null, new UnknownIds(new SentencePieceModel(), table), new NormalizerSpec());
        }
    }

    [Fact]
    public void User_defined_pieces_stay_whole_and_unused_ones_fall_apart()
    {
        var tokenizer = new SentencePieceTokenizer(new SentencePieceModel
        {
            Type = ModelType.Bpe,
            Pieces =
            [
                new("<unk>", 0, PieceType.Unknown), new("▁", -9, PieceType.Normal), new("a", -9, PieceType.Normal), new("b", -9, PieceType.Normal),
                new("ab", -1, PieceType.Unused), new("aba", -2, PieceType.Normal), new("bab", 0, PieceType.UserDefined), new("▁a", 0, PieceType.Normal),
            ],
        });
        Assert.Equal("▁a b", Pieces("ab"));
        Assert.Equal("▁ bab a", Pieces("baba"));
        Assert.Equal("▁a bab", Pieces("abab"));
        Assert.Equal("▁ b a a b b", Pieces("baabb")); // ab is made, being the best, and falls apart in the end.

        string Pieces(string text) => string.Join(' ', tokenizer.Encode(text).Select(tokenizer.IdToPiece));
    }

    [Fact]
    public void Long_texts_take_time_in_proportion()
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"));
        var text = string.Concat(Enumerable.Repeat("aaaa bbbb the then ", 40_000));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed} for {text.Length} characters");
    }

    [Theory]
    [InlineData("llama_bpe.model")]
    public void Any_text_survives_the_round_trip(string model)
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path("fixtures", "tokenizers", model));
        Gen.OneOf(Gen.String, AnyOf(" ", "the", "ந்", "▂", "\n", "中", "\ud83d", "😀").Array[0, 20].Select(string.Concat)).Sample(text =>
        {
            // A lone surrogate is no character, and ▁ is how a space is written.
            var expected = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)).Replace('▁', ' ');
            Assert.Equal(expected, tokenizer.Decode(tokenizer.Encode(text)));
        });
    }

    private static Gen<string> AnyOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static List<string> Obvious(string text, Dictionary<string, float> scores)
    {
        var symbols = text.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        while (true)
        {
            var best = -1;
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (scores.TryGetValue(symbols[i] + symbols[i + 1], out var score)
                    && (best < 0 || score > scores[symbols[best] + symbols[best + 1]]))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                return symbols;
            }

            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }
}
