using System.Text;
using Llamax.Evaluation.Likelihood;
using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Text.Languages;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using static TorchSharp.torch;

namespace Llamax.Evaluation.Tests.Likelihood;

public sealed class BitsPerByteTests
{
    private static readonly string[] Lines = ["a b", "", "நன்றி", "a longer line than the others", "x"];

    [Fact]
    public void It_is_what_one_line_at_a_time_gives()
    {
        var tokenizer = new Bytes(bos: 256, eos: 257);
        using var model = Model();
        var bits = 0.0;
        var bytes = 0;
        foreach (var line in Lines.Where(line => line.Length > 0))
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            long[] ids = [256, .. tokenizer.Encode(line).Select(id => (long)id)];
            var logits = model.Logits(model.Hidden(tensor(ids).unsqueeze(0), arange(ids.Length).unsqueeze(0), new CausalAttention()))[0];
            var log = logits.to(ScalarType.Float64).log_softmax(-1);
            bits -= Enumerable.Range(1, ids.Length - 1).Sum(i => log[i - 1, ids[i]].item<double>()) / Math.Log(2);
            bytes += Encoding.UTF8.GetByteCount(line);
        }

        Assert.Equal(bits / bytes, BitsPerByte.Measure(model, tokenizer, Lines), 1e-5);
    }

    [Fact]
    public void A_model_that_knows_nothing_needs_the_logarithm_of_its_vocabulary()
    {
        using var model = Model();
        using (no_grad())
        {
            foreach (var (_, value) in model.Weights())
            {
                using var weight = value.detach();
                weight.zero_();
            }
        }

        Assert.Equal(Math.Log2(258), BitsPerByte.Measure(model, new Bytes(256, 257), [new string('a', 31)]), 1e-5);
    }

    [Fact]
    public void No_text_and_too_long_a_line_are_refused()
    {
        using var model = Model();
        Assert.Throws<LlamaxException>(() => BitsPerByte.Measure(model, new Bytes(256, 257), [""]));
        Assert.StartsWith("Document 2 has 101 tokens", Assert.Throws<LlamaxException>(() => BitsPerByte.Measure(model, new Bytes(256, 257), ["a", new string('a', 100)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_become_documents_in_order()
    {
        string[] lines = ["a.", "b.", "", "c."];
        Assert.Equal(["a. b.", "c."], BitsPerByte.Documents(lines, 2, LanguageRegistry.Default.Get("en")));
        Assert.Equal(["a.b.c."], BitsPerByte.Documents(lines, 4, LanguageRegistry.Default.Get("zh")));
    }

    private static CausalLanguageModel Model()
    {
        var model = new CausalLanguageModel(new DecoderConfig
        {
            VocabularySize = 258,
            HiddenSize = 16,
            IntermediateSize = 24,
            Layers = 2,
            Heads = 2,
            KeyValueHeads = 1,
            HeadSize = 8,
            MaxPositions = 64,
            InitializerRange = 0.3,
        });
        model.InitializeWeights(new RandomStream(1, "test"));
        return model;
    }

    private sealed class Bytes(int? bos, int? eos) : Tokenizer
    {
        public override int VocabularySize => 258;

        public override int? BosId => bos;

        public override int? EosId => eos;

        public override int? PadId => null;

        public override int? UnknownId => null;

        public override TokenDecoder CreateDecoder() => throw new NotSupportedException();

        public override string IdToPiece(int id) => throw new NotSupportedException();

        public override int? PieceToId(string piece) => throw new NotSupportedException();

        protected override void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special)
        {
            foreach (var each in utf8)
            {
                ids.Add(each);
            }
        }
    }
}
