using Llamax.Models;
using Llamax.Testing;
using Llamax.Translation.Checking;
using Llamax.Translation.Generation;

namespace Llamax.Translation.Tests.Generation;

public sealed class EncoderDecoderSearchTests
{
    public static MatrixTheoryData<string, int> Cases { get; } = new(["m2m100", "t5_v10", "t5_v11"], [1, 14, 4096]);

    /// <summary>Each sentence attends to its own source, also where others entered and left before it.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Reference_models_write_what_the_original_wrote(string name, int batchTokens)
    {
        var folder = Shared.Path("fixtures", name);
        using var model = ModelFolder.LoadSequenceToSequence(folder);
        var config = model.Decoder.Config;
        var file = Path.Combine(folder, "expected.json");
        var expected = ExpectedFile.Read(file, config.VocabularySize);
        var ends = EndTokens.Read(folder, config);
        var search = new BeamSearch(model, ends);
        foreach (var (key, generate) in expected.Generate)
        {
            var input = expected.InputOf(key, generate, file);
            var options = generate.Kwargs.ToOptions(batchTokens);
            Prompt[] prompts = [.. input.InputIds.Select((row, r) => new Prompt([model.Config.StartId])
            {
                Source = [.. row.Where((_, column) => input.IsReal(r, column)).Select(id => (int)id)],
                ForcedFirst = generate.Kwargs.ForcedBosTokenId,
            })];
            var found = search.Generate(prompts, options).SelectMany(hypotheses => hypotheses).ToList();
            Assert.Equal(generate.Sequences.Length, found.Count);
            for (var i = 0; i < found.Count; i++)
            {
                int[] ids = [model.Config.StartId, .. found[i].Ids, .. found[i].EndId is { } end ? new[] { end } : []];
                Assert.Equal(generate.Sequences[i][..ids.Length], ids);
                Assert.All(generate.Sequences[i][ids.Length..], id => Assert.Equal(config.PadId, id));
            }

            Assert.All((generate.SequencesScores ?? []).Zip(found), pair => Assert.Equal(pair.First, pair.Second.Score, 1e-4));
        }
    }

    [Fact]
    public void A_source_that_cannot_be_read_is_named()
    {
        using var model = ModelFolder.LoadSequenceToSequence(Shared.Path("fixtures", "m2m100"));
        var search = new BeamSearch(model);
        var good = new Prompt([model.Config.StartId]) { Source = [5, 2] };
        var encoder = model.Config.Encoder;
        foreach (var (source, message) in new (int[]?, string)[]
        {
            (null, "no source"),
            ([.. Enumerable.Repeat(5, encoder.MaxPositions + 1)], $"{encoder.MaxPositions + 1:N0} tokens to read"),
            ([encoder.VocabularySize], "outside the model's vocabulary"),
        })
        {
            var error = Assert.Throws<LlamaxException>(() => search.Generate([good, good with { Source = source }], new GenerationOptions { MaxNewTokens = 2 }));
            Assert.StartsWith("Prompt 2 has", error.Message);
            Assert.Contains(message, error.Message);
            error = Assert.Throws<LlamaxException>(() => search.Generate([good with { Source = source, Name = "Line 3" }], new GenerationOptions { MaxNewTokens = 2 }));
            Assert.StartsWith("Line 3 has", error.Message);
        }
    }
}
