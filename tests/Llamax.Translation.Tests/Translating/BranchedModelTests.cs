using Llamax.Models;
using Llamax.Models.Branches;
using Llamax.Testing;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Translation.Checking;
using Llamax.Translation.Generation;
using Llamax.Translation.Tests.Generation;
using Llamax.Translation.Translating;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Translating;

/// <summary>There is no published reference: Lego-MT's network is M2M-100's, which is one, so its fixture is written as branches.</summary>
public sealed class BranchedModelTests : IDisposable
{
    private static readonly GenerationOptions Search = new() { Beams = 3, MaxNewTokens = 12 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_multilingual_branches_compute_what_the_original_of_the_network_computed()
    {
        LegoFolder.Write(folder);
        foreach (var file in new[] { "expected.json", "expected.safetensors" })
        {
            File.Copy(Shared.Path("fixtures", "m2m100", file), folder.File(file));
        }

        var results = ModelCheck.Run(folder.Path).Results;
        Assert.Contains(results, result => result.Name.Contains("beam4_never", StringComparison.Ordinal));
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Name}: {result.Difference} {result.Detail}"));
    }

    [Theory]
    [InlineData(BranchFlow.Mix, "de", "zh", false, false)]
    [InlineData(BranchFlow.Enc, "de", "zh", true, false)]
    [InlineData(BranchFlow.Dec, "de", "zh", false, true)]
    [InlineData(BranchFlow.Both, "de", "zh", true, true)]
    [InlineData(BranchFlow.Auto, "de", "zh", true, true)]
    [InlineData(BranchFlow.Auto, "de", "fr", true, false)]
    [InlineData(BranchFlow.Auto, "fr", "zh", false, true)]
    [InlineData(BranchFlow.Auto, "en", "nl", false, false)] // A language whose token the dictionary lacks.
    public void A_flow_takes_its_branches(BranchFlow flow, string from, string to, bool ownEncoder, bool ownDecoder)
    {
        LegoFolder.Write(folder);
        LegoFolder.WriteBranch(folder.File("encoder_de.pt"), (name, weight) => Changed(weight, name.Length));
        LegoFolder.WriteBranch(folder.File("decoder_zh.pt"), (name, weight) => Changed(weight, name.Length + 1));
        File.WriteAllText(folder.File("encoder_ru.pt"), "what no flow here needs is not opened");
        using var encoders = Twin(ownEncoder, (name, weight) => Changed(weight, Fairseq(name, "encoder").Length));
        using var decoders = Twin(ownDecoder, (name, weight) => Changed(weight, Fairseq(name, "decoder").Length + 1), tied: !ownDecoder);

        var notes = new List<string>();
        using var model = TranslationModel.Load(folder.Path, note: notes.Add, flow: flow);
        Prompt[] prompts = [.. new[] { "Tea is hot.", "the house" }.Select(text => model.Encode(text, Language(from), Language(to)))];
        Assert.Empty(notes);
        var written = model.Generate(prompts, Search);
        Assert.Equal([$"translating with encoder_{(ownEncoder ? "de" : "main")}.pt and decoder_{(ownDecoder ? "zh" : "m2m")}.pt"], notes);

        using var reads = ModelFolder.LoadSequenceToSequence(encoders.Path);
        using var writes = ModelFolder.LoadSequenceToSequence(decoders.Path);
        for (var i = 0; i < prompts.Length; i++)
        {
            var expected = PlainSearch.Run(reads.Encoder, writes.Decoder, prompts[i], Search, [2])[0];
            Assert.Equal(expected.Ids, written[i][0].Ids);
            Assert.Equal(expected.Score, written[i][0].Score, 1e-4);
        }
    }

    [Fact]
    public void Without_a_configuration_sizes_are_the_tensors_and_heads_M2M_100s()
    {
        LegoFolder.Write(folder, withConfig: false);
        using var twin = new TemporaryFolder();
        LegoFolder.WriteTwin(twin, heads: 16);
        var notes = new List<string>();
        using var model = TranslationModel.Load(folder.Path, note: notes.Add);
        Assert.Contains("16 heads are assumed", Assert.Single(notes), StringComparison.Ordinal);
        Prompt[] prompts = [model.Encode("Tea is hot.", Language("de"), Language("zh"))];
        using var reference = ModelFolder.LoadSequenceToSequence(twin.Path);
        Assert.Equal(
            new BeamSearch(reference).Generate(prompts, Search)[0][0].Ids, model.Generate(prompts, Search)[0][0].Ids);
    }

    [Fact]
    public async Task A_pivot_and_mixed_directions_get_the_branches_of_each_direction()
    {
        LegoFolder.Write(folder);
        LegoFolder.WriteBranch(folder.File("encoder_de.pt"), (name, weight) => Changed(weight, 1));
        LegoFolder.WriteBranch(folder.File("decoder_zh.pt"), (name, weight) => Changed(weight, 2));
        var notes = new List<string>();
        using var translator = Translator.Load(folder.Path, note: notes.Add);
        var options = new TranslationOptions { Generation = Search, LoopNgram = 0 };
        var first = await translator.TranslateAsync("Tea is hot.", "de", "en", options);
        var second = await translator.TranslateAsync(first.Text, "en", "zh", options);
        var both = await translator.TranslateAsync("Tea is hot.", "de", "zh", options with { Via = "en" });
        Assert.Equal((first.Text, second.Text), (both.Pivot, both.Text));
        Assert.Equal(["translating with encoder_de.pt and decoder_m2m.pt", "translating with encoder_main.pt and decoder_zh.pt"], notes);

        (string From, string To)[] directions = [("de", "en"), ("en", "zh"), ("de", "en"), ("de", "zh")];
        Prompt[] prompts = [.. directions.Select(pair => translator.Model.Encode("Tea is hot.", Language(pair.From), Language(pair.To)))];
        var (told, live) = (new IReadOnlyList<Hypothesis>[prompts.Length], 0L);
        var mixed = translator.Model.Generate(prompts, Search, (i, hypotheses) => told[i] = hypotheses);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < prompts.Length; i++)
            {
                var alone = translator.Model.Generate([prompts[i]], Search)[0];
                Assert.Equal(alone[0].Ids, mixed[i][0].Ids);
                Assert.Same(mixed[i], told[i]);
            }

            // Branches that were taken out of memory are gone: a network has more than 60 weights, of which each direction loads its own.
            var now = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Assert.InRange(now - (round == 0 ? now : live), 0, 15 * directions.Length);
            live = now;
        }
    }

    [Fact]
    public void What_is_missing_or_does_not_apply_is_said()
    {
        Assert.Contains("has none", Message(() => TranslationModel.Load(Shared.Path("fixtures", "m2m100"), flow: BranchFlow.Mix).Dispose()), StringComparison.Ordinal);
        LegoFolder.Write(folder);
        Assert.Contains("reads no prompt", Message(() => TranslationModel.Load(folder.Path, PromptTemplate.Find("alpaca")).Dispose()), StringComparison.Ordinal);
        Assert.Contains("no encoder_de.pt, which the flow 'enc' needs; there are encoder_main.pt", Asked(BranchFlow.Enc, "de", "zh"), StringComparison.Ordinal);
        Assert.Contains("no decoder_zh.pt, which the flow 'dec' needs", Asked(BranchFlow.Dec, "de", "zh"), StringComparison.Ordinal);
        File.Delete(folder.File("decoder_m2m.pt"));
        Assert.Contains("no decoder_zh.pt and no decoder_m2m.pt, which the flow 'auto' needs; there is none of the kind", Asked(BranchFlow.Auto, "de", "zh"), StringComparison.Ordinal);
        LegoFolder.WriteBranch(folder.File("decoder_fr.pt"));
        Assert.Contains("no decoder_zh.pt and no decoder_m2m.pt, which the flow 'auto' needs; there are decoder_fr.pt", Asked(BranchFlow.Auto, "de", "zh"), StringComparison.Ordinal);
        Assert.Contains("no decoder_m2m.pt, which the flow 'mix' needs", Asked(BranchFlow.Mix, "de", "fr"), StringComparison.Ordinal);
        Assert.Contains("no token for the language 'af'", Asked(BranchFlow.Auto, "af", "fr"), StringComparison.Ordinal);
        File.Delete(folder.File("spm.128k.model"));
        Assert.Contains("the tokenizer is missing: put spm.128k.model", Asked(BranchFlow.Auto, "de", "fr"), StringComparison.Ordinal);
    }

    private string Asked(BranchFlow flow, string from, string to) => Message(() =>
    {
        using var model = TranslationModel.Load(folder.Path, flow: flow);
        model.Encode("Tea", Language(from), Language(to));
    });

    private static string Message(Action action) => Assert.Throws<LlamaxException>(action).Message;

    private static Language Language(string code) => LanguageRegistry.Default.Get(code);

    private static TemporaryFolder Twin(bool changed, WeightChange change, bool tied = true)
    {
        var twin = new TemporaryFolder();
        LegoFolder.WriteTwin(twin, changed ? change : null, tied);
        return twin;
    }

    /// <summary>The name of a weight of M2M-100's family in a branch.</summary>
    private static string Fairseq(string name, string half) => name switch
    {
        "model.shared.weight" => half + ".embed_tokens.weight",
        "lm_head.weight" => "decoder.output_projection.weight",
        _ => name["model.".Length..],
    };

    private static Tensor Changed(Tensor weight, int seed) => weight + (0.1 * (arange(weight.NumberOfElements).view(weight.shape) * (seed + 1.0)).sin()).to_type(weight.dtype);
}
