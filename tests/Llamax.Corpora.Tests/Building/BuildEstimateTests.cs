using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Testing;
using Llamax.Text.Prompts;

namespace Llamax.Corpora.Tests.Building;

public sealed class BuildEstimateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("texts.jsonl", 20_000, 0.001)] // 2 MB, read to its end.
    [InlineData("texts.jsonl", 150_000, 0.05)] // 15 MB, of which the beginning is read.
    [InlineData("texts.jsonl.gz", 150_000, 0.001)]
    public void What_is_estimated_is_what_is_made(string name, int lines, double error)
    {
        var file = Texts(name, lines);
        var unit = new WorkUnit(new JsonTextReader(file, "en", "text", escapedLineEnds: false, new ReadingOptions()), [file], "json");
        var options = new DataOptions { BlockSize = 1 << 10 };
        var estimate = BuildEstimate.Of(new TrainingSources { Units = [unit] }, new CharacterTokenizer(), options, switches: false, TestContext.Current.CancellationToken);
        var made = Assert.Single(estimate.Made);
        Assert.Equal(ExampleKinds.Monolingual, made.Name);
        Assert.InRange(made.Entries, lines * (1 - error), lines * (1 + error));
        Assert.InRange(made.Tokens, 70L * lines * (1 - error), 70L * lines * (1 + error));
    }

    [Fact]
    public void Instructions_and_translated_pairs_are_counted_too()
    {
        File.WriteAllText(folder.File("tasks.json"), JsonSerializer.Serialize(Enumerable.Range(0, 3000).Select(i => new { instruction = "Say it.", output = $"It is {i % 10}." })));
        var file = Texts("english.jsonl", 900);
        var unit = new WorkUnit(new JsonTextReader(file, "en", "text", escapedLineEnds: false, new ReadingOptions()), [file], "json");
        var sources = new TrainingSources
        {
            Instructions = TextFile.Find(folder.File("tasks.json")),
            Template = PromptTemplate.Find("alpaca"),
            Pseudo = new PseudoSource { Units = [unit], Languages = ["de", "en", "fr"], Folder = "", Translate = (_, _, _, _) => throw new InvalidOperationException() },
        };
        var options = new DataOptions { MaxTokens = 1 << 10, Pseudo = new() { Below = 500, Unaugmented = true } };
        var made = BuildEstimate.Of(sources, new CharacterTokenizer(), options, switches: true, TestContext.Current.CancellationToken).Made.ToDictionary(kind => kind.Name);
        Assert.Equal(3000, made[ExampleKinds.Instruction].Entries);
        Assert.InRange(made[ExampleKinds.Instruction].Tokens / 3000, 100, 400);
        Assert.Equal(3 * 500, made[ExampleKinds.PseudoParallel].Entries); // None has a pair.
        Assert.Equal(2 * 3 * 500, made[ExampleKinds.PseudoCodeSwitched].Entries);
        Assert.Equal(2 * 70 * 3 * 500, made[ExampleKinds.PseudoParallel].Tokens);
    }

    private TextFile Texts(string name, int lines)
    {
        using (Stream file = File.Create(folder.File(name)))
        using (Stream packed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file)
        {
            for (var i = 0; i < lines; i++)
            {
                packed.Write(Encoding.UTF8.GetBytes($"{{\"text\": \"{i:D10}{new string('x', 60)}\", \"url\": \"https://example.org\"}}\n"));
            }
        }

        return TextFile.FindOne(folder.File(name));
    }
}
