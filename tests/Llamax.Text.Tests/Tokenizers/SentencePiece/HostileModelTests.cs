using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tests.Tokenizers.Normalization;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>Whatever stands in a model file: a message that names the file, or a model that works; little time, and little memory.</summary>
public sealed class HostileModelTests
{
    private static readonly string[] Toys = ["llama_bpe", "uni_nfkc", "t5_uni"];

    // Vocabularies that cost much for what they take in a file.
    public static TheoryData<string> Vocabularies => ["characters", "numbers", "random letters", "spread letters", "one letter", "one giant", "user-defined", "controls", "nothing"];

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Memory_is_in_proportion_to_the_file(string kind)
    {
        using var folder = new TemporaryFolder();
        for (var type = 1; type <= 4; type++)
        {
            var trainer = new ProtobufWriter();
            trainer.Field(3, type);
            var file = new MemoryStream();
            SentencePieceModelWriter.Write(file, new SentencePieceModel { Pieces = Pieces(kind) }, trainer);
            Load(folder, file.ToArray());
        }
    }

    [Fact]
    public void Truncated_files()
    {
        using var folder = new TemporaryFolder();
        foreach (var toy in Toys)
        {
            // Every length in the pieces; the normaliser's table behind them is one field.
            var content = File.ReadAllBytes(Shared.Path("fixtures", "tokenizers", toy + ".model"));
            for (var length = 0; length < content.Length; length += length < 12_000 ? 1 : 997)
            {
                Parse(content[..length]);
            }

            Load(folder, content);
            Load(folder, content[..^1]);
        }
    }

    [Fact]
    public void Damaged_files() => Damage(rounds: 300);

    [Fact]
    [Trait("Category", "Long")]
    public void Damaged_files_over_and_over() => Damage(rounds: 10_000);

    [Theory]
    [InlineData("0AFFFFFFFF07")] // A piece of 2^31 - 1 bytes.
    [InlineData("0AFFFFFFFF0F")] // Of 2^32 - 1.
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")] // Of 2^64 - 1.
    [InlineData("0AFFFFFFFFFFFFFFFFFFFFFF01")] // A length of too many bytes.
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")] // A field's number, likewise.
    [InlineData("0A0A0A086162636465666768")] // A message whose field goes beyond it.
    [InlineData("0A0B0A0161150000C07F1801")] // The score NaN, in a message that ends too early.
    [InlineData("0A0A0A0161150000C07F1801")] // NaN.
    [InlineData("0A0A0A0161150000807F1801")] // Infinity.
    [InlineData("0A0A0A016115000080FF1801")] // Minus infinity.
    [InlineData("0A050A01611809")] // A type that there is not.
    [InlineData("0A020A00")] // An empty piece.
    [InlineData("0A050A03EDA080")] // Half a surrogate pair.
    [InlineData("0A060A046100626318020A060A0461006263")] // A zero in a piece.
    [InlineData("120318FF7F")] // A type of model that there is not.
    [InlineData("1A0612040000007F")] // A table of rules with a length far beyond it.
    [InlineData("1A07120504000000FF")] // One without an end.
    public void Odd_fields(string hexadecimal)
    {
        using var folder = new TemporaryFolder();
        var unknown = Convert.FromHexString("0A090A053C756E6B3E1802");
        var field = Convert.FromHexString(hexadecimal);
        Load(folder, [.. unknown, .. field]);
        Load(folder, [.. field, .. unknown]);
        Load(folder, field);
    }

    [Fact]
    public void Tables_of_rules_that_lead_in_circles_or_out_of_themselves()
    {
        using var folder = new TemporaryFolder();
        var random = new RandomStream(3, "hostile tables");
        for (var round = 0; round < 400; round++)
        {
            var table = new byte[4 + 4 * (1 + random.Next(3000)) + 40];
            BinaryPrimitives.WriteInt32LittleEndian(table, table.Length - 44);
            for (var place = 4; place < table.Length - 40; place += 4)
            {
                // The label that would be right for a node at the start of the block, a flag now and then, some offset.
                var unit = (uint)(place / 4 - 1 ^ (round % 3 == 0 ? 0 : random.Next(4))) & 0xFF | (uint)random.Next(2) << 8 | (uint)random.Next(1 << (round % 12)) << 10;
                BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(place), round % 5 == 4 ? (uint)random.NextUInt64() : unit);
            }

            Load(folder, Model(new NormalizerSpec { CharacterMap = table }));
        }
    }

    [Fact]
    public void Rules_without_measure_are_refused()
    {
        using var folder = new TemporaryFolder();
        string Refusal(string from, string to) => Load(folder, Model(new NormalizerSpec { CharacterMap = CharacterMapBuilder.Build(new Dictionary<string, string> { [from] = to }) }))!;
        Assert.Null(Refusal(new string('a', 4000), "b"));
        Assert.Contains("4096", Refusal(new string('a', 5000), "b"), StringComparison.Ordinal);
        Assert.Null(Refusal("a", new string('b', 4000)));
        Assert.Contains("4096", Refusal("a", new string('b', 5000)), StringComparison.Ordinal);
    }

    private static void Damage(int rounds)
    {
        using var folder = new TemporaryFolder();
        foreach (var toy in Toys)
        {
            var content = File.ReadAllBytes(Shared.Path("fixtures", "tokenizers", toy + ".model"));
            for (var round = 0; round < rounds; round++)
            {
                // Anywhere, in the pieces, or in the last kilobytes: bytes set, bits turned, stretches put elsewhere.
                var random = new RandomStream(8, "damage", toy, round.ToString(CultureInfo.InvariantCulture));
                var damaged = content.ToArray();
                for (var changes = 1 + random.Next(8); changes > 0; changes--)
                {
                    var place = round % 3 == 0 ? random.Next(damaged.Length) : round % 3 == 1 ? random.Next(9000) : damaged.Length - 1 - random.Next(2000);
                    var length = Math.Min(1 + random.Next(40), damaged.Length - place);
                    switch (random.Next(3))
                    {
                        case 0: damaged[place] = (byte)random.Next(256); break;
                        case 1: damaged[place] ^= (byte)(1 << random.Next(8)); break;
                        default: content.AsSpan(random.Next(damaged.Length - length), length).CopyTo(damaged.AsSpan(place)); break;
                    }
                }

                Parse(damaged);
            }
        }
    }

    /// <summary>Loads a file of that content and uses it; returns the message where it is refused.</summary>
    private static string? Load(TemporaryFolder folder, byte[] content)
    {
        var file = folder.File("hostile.model");
        File.WriteAllBytes(file, content);
        SentencePieceTokenizer? tokenizer = null;
        string? message = null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            tokenizer = SentencePieceTokenizer.Load(file);
        }
        catch (LlamaxException exception)
        {
            message = exception.Message;
            Assert.Contains(file, message, StringComparison.Ordinal);
        }

        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken <= 16L * content.Length + (1 << 20), $"{taken} bytes, {taken / (double)content.Length:0.0} times the file");
        Use(tokenizer);
        return message;
    }

    private static void Parse(byte[] content)
    {
        try
        {
            Use(new SentencePieceTokenizer(SentencePieceModelReader.Parse(content)));
        }
        catch (InvalidDataException)
        {
        }
    }

    private static void Use(SentencePieceTokenizer? tokenizer)
    {
        if (tokenizer is null)
        {
            return;
        }

        var clock = Stopwatch.StartNew();
        foreach (var text in (string[])["  Ｋwa nini ½ …? 小狗 <s>", new string('a', 3000), string.Concat(Enumerable.Repeat("0123\u0300 中", 300))])
        {
            var ids = tokenizer.Encode(text);
            Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
            tokenizer.Decode(ids);
            tokenizer.EncodePieces(text);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    private static byte[] Model(NormalizerSpec normalizer)
    {
        var file = new MemoryStream();
        SentencePieceModelWriter.Write(file, new SentencePieceModel { Pieces = Pieces("nothing"), Normalizer = normalizer }, new ProtobufWriter());
        return file.ToArray();
    }

    private static List<Piece> Pieces(string kind)
    {
        var random = new RandomStream(1, "hostile", kind);
        var texts = kind switch
        {
            "characters" => Enumerable.Range(0x3400, 0x6000).Select(value => ((char)value).ToString()),
            "numbers" => Enumerable.Range(0, 30_000).Select(value => value.ToString(CultureInfo.InvariantCulture)),
            "random letters" => Enumerable.Range(0, 30_000).Select(_ => string.Concat(Enumerable.Range(0, 3).Select(_ => (char)('!' + random.Next(94))))),
            "spread letters" => Enumerable.Range(0, 30_000).Select(i => new Rune(0x10000 + (i / 2 * 64 + i % 2 * (1 + random.Next(63)))).ToString()),
            "one letter" => Enumerable.Range(1, 900).Select(length => new string('a', length)),
            "one giant" => [new string('a', 1 << 19)],
            "user-defined" => Enumerable.Range(0, 15_000).Select(value => value.ToString("x", CultureInfo.InvariantCulture)),
            "controls" => Enumerable.Range(0, 15_000).Select(value => value.ToString("x", CultureInfo.InvariantCulture)),
            _ => [],
        };
        var type = kind switch { "user-defined" => PieceType.UserDefined, "controls" => PieceType.Control, _ => PieceType.Normal };
        return [new("<unk>", 0, PieceType.Unknown), .. texts.Distinct().Select(text => new Piece(text, -1, type))];
    }
}
