using System.Text.Json.Nodes;
using Llamax.Models.Branches;
using Llamax.Testing;
using Llamax.Testing.Pickles;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Branches;

public sealed class BranchFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, bool> Prefixes { get; } = new()
    {
        { "", false }, { "models.de-en.", false }, { "module.", true }, { "sentence_encoder.x-decoder.", true },
    };

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void What_stands_before_fairseqs_names_does_not_count(string prefix, bool withoutHalf)
    {
        LegoFolder.Write(folder);
        foreach (var file in new[] { "encoder_main.pt", "decoder_m2m.pt" })
        {
            LegoFolder.WriteBranch(folder.File(file), rename: name => prefix + (withoutHalf ? name[(name.IndexOf('.') + 1)..] : name));
        }

        using var scope = NewDisposeScope();
        using var expected = ModelFolder.LoadSequenceToSequence(Shared.Path("fixtures", "m2m100"));
        using var model = ModelFolder.LoadSequenceToSequence(folder.Path);
        var weights = expected.Weights().ToDictionary(weight => weight.Name, weight => weight.Value, StringComparer.Ordinal);
        Assert.Equal(weights.Count, model.Weights().Count());
        Assert.All(model.Weights(), weight => Assert.True(
            weight.Value.eq(weights[weight.Name == "encoder.embed_tokens.weight" ? "model.shared.weight" : "model." + weight.Name]).all().item<bool>(), weight.Name));
    }

    /// <summary>What is the same is held once; what differs, or is there only once, is not taken for the other.</summary>
    [Theory]
    [InlineData("", "", 1)]
    [InlineData("encoder.embed_tokens.weight", "", 2)]
    [InlineData("decoder.embed_tokens.weight", "", 3)]
    [InlineData("decoder.output_projection.weight", "", 2)]
    [InlineData("", "decoder.output_projection.weight", 1)]
    [InlineData("encoder.embed_tokens.weight", "decoder.output_projection.weight", 2)]
    [InlineData("", "decoder.embed_tokens.weight", 1)]
    [InlineData("decoder.output_projection.weight", "decoder.embed_tokens.weight", 2)]
    [InlineData("", "encoder.embed_tokens.weight", 1)]
    public void Embeddings_and_output_are_one_only_where_they_are_the_same(string changed, string absent, int matrices)
    {
        LegoFolder.Write(folder);
        foreach (var file in new[] { "encoder_main.pt", "decoder_m2m.pt" })
        {
            LegoFolder.WriteBranch(folder.File(file), (name, weight) => name == changed ? weight + 1 : weight, name => name == absent ? null : name);
        }

        var unchanged = ModelSummary.Read(Shared.Path("fixtures", "m2m100"));
        var summary = ModelSummary.Read(folder.Path);
        Assert.Equal(unchanged.Parameters + ((matrices - 1) * 344 * 64), summary.Parameters);
        using var scope = NewDisposeScope();
        using var model = ModelFolder.LoadSequenceToSequence(folder.Path);
        var rows = Enumerable.ToDictionary(
            [("encoder.embed_tokens.weight", First(model.Encoder.Weights())), ("decoder.embed_tokens.weight", First(model.Decoder.Weights())), ("decoder.output_projection.weight", model.Decoder.OutputWeight)],
            pair => pair.Item1, pair => pair.Item2);
        Assert.All(rows.Where(pair => pair.Key != absent), pair => Assert.Equal(
            pair.Key == changed, pair.Value.mean().item<float>() > 0.9f));

        static Tensor First(IEnumerable<(string Name, Tensor Value)> weights) => weights.First().Value;
    }

    [Fact]
    public void A_summary_tells_the_branches_and_that_nobody_tested_them()
    {
        LegoFolder.Write(folder, withConfig: false);
        LegoFolder.WriteBranch(folder.File("encoder_de.pt"));
        LegoFolder.WriteBranch(folder.File("decoder_af.pt"));
        File.WriteAllText(folder.File("checkpoint_last.pt"), "");
        var summary = ModelSummary.Read(folder.Path);
        Assert.Equal(("lego_mt", false, ModelKind.EncoderDecoder), (summary.Family, summary.Tested, summary.Kind));
        Assert.Equal(["encoder_main.pt", "encoder_de.pt"], summary.Branches!.Encoders);
        Assert.Equal(["decoder_m2m.pt", "decoder_af.pt"], summary.Branches.Decoders);
        Assert.True(summary.Branches.IsDerived);
        Assert.Equal((2, 128, 16, 344), (summary.Encoder!.Layers, summary.Encoder.IntermediateSize, summary.Encoder.Heads, summary.Encoder.VocabularySize));
        Assert.Equal((2, 160, 16, 64), (summary.Decoder!.Layers, summary.Decoder.IntermediateSize, summary.Decoder.Heads, summary.Decoder.HiddenSize));
        Assert.Equal([2], summary.Decoder.EosIds);
        Assert.Null(ModelSummary.Read(Shared.Path("fixtures", "m2m100")).Branches);
    }

    [Theory]
    [InlineData("encoder_main.pt")]
    [InlineData("decoder_m2m.pt")]
    public void A_branch_that_cannot_be_opened_leaves_none_open(string file)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What is open is looked up in /proc.");
        LegoFolder.Write(folder);
        File.WriteAllBytes(folder.File(file), [.. File.ReadAllBytes(folder.File(file))[..300]]);
        for (var i = 0; i < 3; i++)
        {
            Assert.Throws<LlamaxException>(() => ModelSummary.Read(folder.Path));
        }

        Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget), open => open?.StartsWith(folder.Path, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void What_makes_no_network_is_named()
    {
        LegoFolder.Write(folder);
        Bad("encoder_main.pt", name => name == "encoder.layers.1.fc1.bias" ? null : name, "encoder_main.pt and decoder_m2m.pt: the weight 'encoder.layers.1.fc1.bias' is missing");
        Bad("encoder_main.pt", name => name == "encoder.layer_norm.bias" ? "encoder.layernorm_embedding.bias" : name, "'encoder.layernorm_embedding.bias' is no weight of M2M-100's encoder");
        Bad("encoder_main.pt", name => name == "encoder.layer_norm.bias" ? new string('.', 2000) : name, "a tensor's name has 2,000 characters");
        Bad("decoder_m2m.pt", name => name.Replace("layers.1.", "layers.2.", StringComparison.Ordinal), "decoder_m2m.pt: 'decoder.layers.2.");
        Bad("decoder_m2m.pt", name => name.Replace("decoder.layers.1.fc", "models.de-en.decoder.layers.0.fc", StringComparison.Ordinal),
            "'decoder.layers.0.fc1.bias' and 'models.de-en.decoder.layers.0.fc1.bias' may both be the decoder's 'decoder.layers.0.fc1.bias'");
        Bad("decoder_m2m.pt", name => name.Replace("decoder.", "encoder.", StringComparison.Ordinal), "'decoder.layers.0.");

        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        config["decoder_ffn_dim"] = 96;
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        Assert.Contains("decoder_m2m.pt: 'decoder.layers.0.fc1.weight' has shape [160, 64], expected is [96, 64]", Message(), StringComparison.Ordinal);
        File.Delete(folder.File("config.json"));
        LegoFolder.WriteBranch(folder.File("decoder_m2m.pt"), (name, weight) => name == "decoder.layers.0.fc1.weight" ? weight.flatten() : weight);
        Assert.Contains("decoder_m2m.pt: 'decoder.layers.0.fc1.weight' is no matrix", Message(), StringComparison.Ordinal);
        LegoFolder.WriteBranch(folder.File("decoder_m2m.pt"), rename: name => name == "decoder.output_projection.weight" ? "decoder.layers" : name);
        Assert.Contains("'decoder.layers' [344, 64] is no weight of the network", Message(), StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("decoder_m2m.pt"), ZipBytes.Checkpoint(PickleBytes.Start().Op('}').Done()));
        Assert.Contains("neither at its top nor under 'state_dict' or 'model'", Message(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.pt"))
        {
            File.Delete(file);
        }

        Assert.Contains("has no config.json, so it is no model's folder.", Message(), StringComparison.Ordinal);
        File.WriteAllText(folder.File("config.json"), """{"model_type":"lego_mt"}""");
        Assert.Contains("there is no encoder_main.pt, nor a language's own", Message(), StringComparison.Ordinal);

        void Bad(string file, Func<string, string?> rename, string expected)
        {
            LegoFolder.WriteBranch(folder.File(file), rename: rename);
            Assert.Contains(expected, Message(), StringComparison.Ordinal);
            LegoFolder.WriteBranch(folder.File(file));
        }

        string Message()
        {
            var message = Assert.Throws<LlamaxException>(() => ModelFolder.LoadSequenceToSequence(folder.Path).Dispose()).Message;
            Assert.Equal(message, Assert.Throws<LlamaxException>(() => ModelSummary.Read(folder.Path)).Message);
            return message;
        }
    }
}
