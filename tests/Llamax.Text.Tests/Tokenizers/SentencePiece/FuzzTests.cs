using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>More than a million texts that nobody writes have the library's ids, and ids that no text has its decodings.</summary>
[Trait("Category", "Long")]
public sealed class FuzzTests
{
    private const long Seed = 20241;
    private const int Batch = 10_000;

    // Odd flags of each type, trained here.
    private static readonly string[] Odd =
    [
        "--model_type=unigram --vocab_size=3500 --byte_fallback=true --user_defined_symbols=<sep>,▁of,ing,<0x0a> --split_by_whitespace=false --remove_extra_whitespaces=false",
        "--model_type=unigram --vocab_size=3500 --treat_whitespace_as_suffix=true --normalization_rule_name=nmt_nfkc_cf",
        "--model_type=bpe --vocab_size=3500 --user_defined_symbols=<sep>,▁▁,tion --normalization_rule_name=nfkc --add_dummy_prefix=false",
        "--model_type=word --vocab_size=3500 --byte_fallback=true --remove_extra_whitespaces=false",
        "--model_type=char --vocab_size=3500 --user_defined_symbols=<sep>,the --treat_whitespace_as_suffix=true",
    ];

    public static TheoryData<string, int> Published => new()
    {
        { PublishedModels.Large[0], 25 }, { PublishedModels.Large[1], 25 }, { PublishedModels.Large[2], 14 },
        { PublishedModels.Toys[0], 6 }, { PublishedModels.Toys[1], 6 }, { PublishedModels.Toys[2], 6 }, { PublishedModels.Toys[3], 6 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_models(string name, int batches)
    {
        using var folder = new TemporaryFolder();
        Compare(PublishedModels.File(name, folder), name, batches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Models_with_odd_flags(int odd)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("corpus.txt"), Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 5));
        SpmEncode.Run("spm_train",
            [
                "--input=" + folder.File("corpus.txt"), "--model_prefix=" + folder.File("m"), "--hard_vocab_limit=false", "--minloglevel=2",
                "--character_coverage=0.98", .. Odd[odd].Split(' '),
            ], []);
        Compare(folder.File("m.model"), Odd[odd], batches: 3);
    }

    private static void Compare(string model, string name, int batches)
    {
        using var library = new SentencePieceLibrary(model);
        var tokenizer = SentencePieceTokenizer.Load(model);
        for (var batch = 0; batch < batches; batch++)
        {
            var where = $"seed {Seed}, {name}, batch {batch}";
            var random = new RandomStream(Seed, "fuzz", name, batch.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var fuzz = new FuzzedText(tokenizer, random);
            List<byte[]> texts = [.. Enumerable.Range(0, Batch).Select(_ => fuzz.Next())];
            if (batch < 3)
            {
                texts.Add(fuzz.Long(1 << 20));
            }

            var ids = library.Ids(texts);
            Comparison.SameIds(tokenizer, texts, ids, where, "<s>", "</s>", "<pad>");
            if (batch % 3 == 0)
            {
                // Ids of texts, shuffled ones, and any at all.
                for (var i = 0; i < Batch / 2; i++)
                {
                    random.Shuffle(ids[i].AsSpan(0, Math.Min(ids[i].Length, random.Next(30))));
                }

                ids.AddRange(Enumerable.Range(0, Batch / 4).Select(_ => Enumerable.Range(0, random.Next(16)).Select(_ => random.Next(Math.Min(tokenizer.VocabularySize, 1 << (3 + random.Next(16))))).ToArray()));
                Comparison.SameTexts(tokenizer, ids, library.Texts(ids), where);
            }
        }
    }
}
