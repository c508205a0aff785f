using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Sharing;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Building;

/// <summary>Files that several processes work on, each on parts of whole lines.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const int PartBytes = 2000;

    private static readonly DataOptions Options = new() { Shards = new() { Tokens = 3000 }, MaxTexts = 300 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_entries_are_those_of_the_whole_files_in_the_same_order()
    {
        Build("whole", long.MaxValue);
        var manifest = Build("parts", PartBytes);
        Assert.Equal(manifest.Rows, ShardSet("whole").Count);
        ShardSamples.AssertSame(ShardSet("whole"), ShardSet("parts"));
        Assert.True(manifest.LeftOut.Count >= 3);
        Assert.Equal(ShardManifest.Load(folder.File("whole")).LeftOut, manifest.LeftOut);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Workers_share_the_parts_and_make_the_same_bytes(int workers)
    {
        var shas = Build("alone", PartBytes).Shards.Select(shard => shard.Sha256);
        string[] folders = [.. Enumerable.Range(0, workers).Select(worker => $"worker-{worker}")];
        for (var worker = 0; worker < workers; worker++)
        {
            Assert.Null(TryBuild(folders[worker], PartBytes, WorkShare.ByHand(worker, workers)));
        }

        var chunks = folders.Select(worker => Directory.GetDirectories(folder.File($"{worker}.work/chunks")).Length).ToList();
        Assert.InRange(chunks.Max() - chunks.Min(), 0, 1);
        Assert.Equal(shas, TrainingSetBuilder.Merge(folder.File(folders[0]), [.. folders[1..].Select(folder.File)]).Shards.Select(shard => shard.Sha256));
    }

    [Fact]
    public void A_part_may_have_nothing_of_what_is_wanted_but_not_all()
    {
        var lines = Enumerable.Range(0, 200).Select(i => $$$"""{"translation": {"en": "number {{{i}}}", "{{{(i < 100 ? "fr" : "de")}}}": "Nummer {{{i}}}"}}""");
        File.WriteAllLines(folder.File("pairs.jsonl"), lines);
        var file = TextFile.FindOne(folder.File("pairs.jsonl"));
        ShardManifest? Of(string language) => TryBuild("pairs", PartBytes, WorkShare.Alone, new WorkUnit(new JsonPairReader(file, ["en", language], new()), [file], ""));
        Assert.Equal(3 * 100, Of("fr")!.Rows);
        Assert.Equal(3 * 100, Of("de")!.Rows);
        var message = Assert.Throws<LlamaxException>(() => Of("sw")).Message;
        Assert.Matches(@"^\S*pairs\.jsonl: none of its 200 lines can be used\. The first: \S*pairs\.jsonl \(bytes 1 to \d+\), line 1: no text in en and sw$", message);
    }

    private ShardManifest Build(string name, long partBytes) => TryBuild(name, partBytes, WorkShare.Alone)!;

    private ShardManifest? TryBuild(string name, long partBytes, WorkShare share, params WorkUnit[] units) => new TrainingSetBuilder(
        folder.File(name), new CharacterTokenizer(), null, Options, new BuildOptions { Seed = 1, Share = share, PartBytes = partBytes })
        .Build(new TrainingSources { Units = units.Length > 0 ? units : Units() }, null, TestContext.Current.CancellationToken);

    private List<TrainingExample> ShardSet(string name) => [.. ShardSamples.Read(folder.File(name))];

    private WorkUnit[] Units()
    {
        string Line(int i) => $"line {i % 400} of a text {new string('x', i % 37)}"; // Some occur again.
        var text = Write("texts.txt", "\uFEFF" + string.Join("\r\n", Enumerable.Range(0, 500).Select(Line)));
        var same = Write("same.txt", File.ReadAllText(text.Name)); // Left out as a whole.
        var json = Write("texts.jsonl", string.Concat(Enumerable.Range(300, 500).Select(i => i % 100 == 7 ? "[]\n" : $$"""{"text": "{{Line(i)}}"}""" + "\n")));
        var table = Write("pairs.tsv", "id\tfr\ten\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"row-{i}\tligne {i}\tline {i}\n")));
        var pairs = Write("pairs.jsonl", string.Concat(Enumerable.Range(0, 300).Select(i => $$"""{"de": "Zeile {{i}}", "en": "line {{i}}"}""" + "\n")));
        return
        [
            new WorkUnit(new AlignedTextReader([text], ["en"], new()), [text], "text"),
            new WorkUnit(new AlignedTextReader([same], ["en"], new()), [same], "text"),
            new WorkUnit(new JsonTextReader(json, "en", "text", escapedLineEnds: false, new()), [json], "json"),
            new WorkUnit(DelimitedReader.Open(table, ["en", "fr"], null, new()), [table], "tsv"),
            new WorkUnit(new JsonPairReader(pairs, ["de", "en"], new()), [pairs], "json"),
        ];
    }

    private TextFile Write(string name, string content)
    {
        File.WriteAllText(folder.File(name), content);
        return TextFile.FindOne(folder.File(name));
    }
}
