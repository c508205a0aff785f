using Llamax.Corpora.Packed;
using Llamax.Corpora.Shards;

namespace Llamax.Corpora.Tests.Shards;

/// <summary>Training sets for tests.</summary>
internal static class ShardSamples
{
    private static readonly string[] Kinds = [ExampleKinds.Monolingual, ExampleKinds.Parallel, ExampleKinds.CodeSwitched];

    /// <summary>Entries of the given lengths; the first id of each is its number, so that it can be recognised.</summary>
    public static IEnumerable<TrainingExample> Examples(params IEnumerable<int> lengths) =>
        lengths.Select((length, i) => new TrainingExample(
            [i, .. Enumerable.Range(1, length - 1).Select(j => 1000 + (i * 7) + j)], i % length, Kinds[i % 3], i % 2 == 0 ? "en" : "en-fr"));

    public static ShardManifest Write(string folder, IEnumerable<TrainingExample> examples, ShardOptions? options = null,
        PackingMode packing = PackingMode.None, int packedLength = 512)
    {
        using var writer = new ShardWriter(folder, options ?? new ShardOptions(), tokenizer: null, packing, packedLength);
        foreach (var example in examples)
        {
            writer.Add(example);
        }

        return writer.Complete();
    }

    public static IEnumerable<TrainingExample> Read(string folder)
    {
        using var set = new ShardSet(folder);
        for (var row = 0L; row < set.Rows; row++)
        {
            var (shard, local) = set.Locate(row);
            yield return shard.Read(local);
        }
    }

    public static void AssertSame(IEnumerable<TrainingExample> expected, IEnumerable<TrainingExample> actual)
    {
        static string Line(TrainingExample e) => $"{string.Join(' ', e.InputIds)}|{e.LossFrom}|{e.Kind}|{e.Direction}";
        Assert.Equal(expected.Select(Line), actual.Select(Line));
    }
}
