using CsCheck;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

public sealed class ClusterMapTests
{
    private static readonly (int First, int Last)[] Scripts =
        [(0x0E00, 0x0E7F), (0x0E80, 0x0EFF), (0x1780, 0x17FF), (0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0x3040, 0x30FF), (0xFF60, 0xFF9F), (0x0F00, 0x0FFF)];

    private static readonly string[] Others =
        ["a", "É", " ", "'", "-", "9", ".", "漢", "々", "\U00020BB7", "\u0301", "क", "\u094D", "한", "ᄒ", "ᅡ", "\u200D", "\u200B", "👩", "🇩", "\r", "\n", "\u0600", "\uD800", "\uDC00", "\0"];

    private static readonly Gen<string> OfScript = Gen.Int[0, Scripts.Length - 1].SelectMany(script => Letters(script).Array[1, 6]).Select(string.Concat);

    [Fact]
    public void Clusters_are_those_of_the_runtime_and_the_scripts() =>
        Gen.OneOf(OfScript, OfScript, Gen.Int[0, Others.Length - 1].Select(i => Others[i])).Array[0, 40].Select(string.Concat).Sample(Compare, iter: 20_000);

    /// <summary>Nothing irregular, so that whole texts are gone through by the table.</summary>
    [Fact]
    public void So_are_those_of_a_single_script() =>
        Gen.Int[0, Scripts.Length - 1].SelectMany(script => Letters(script).Array[0, 90]).Select(string.Concat).Sample(Compare, iter: 20_000);

    [Fact]
    public void Places_behind_the_text_hold_nothing()
    {
        using var clusters = new ClusterMap("กข");
        foreach (var chunk in new[] { 2, 3, 64, 1000, int.MaxValue })
        {
            Assert.Equal(0UL, clusters.Starts(chunk));
            Assert.Equal(0UL, clusters.WordStarts(chunk));
        }

        using var none = new ClusterMap("");
        Assert.Equal(0UL, none.Starts(0));
        Assert.Equal(0UL, none.WordStarts(0));
    }

    private static Gen<string> Letters(int script) => Gen.Int[Scripts[script].First, Scripts[script].Last].Select(code => ((char)code).ToString());

    private static void Compare(string text)
    {
        var expected = PlainClusters.Of(text);
        using var clusters = new ClusterMap(text);
        var starts = new List<int>();
        for (var chunk = 0; chunk < text.Length; chunk += ClusterMap.Chunk)
        {
            for (var i = 0; i < ClusterMap.Chunk; i++)
            {
                if ((clusters.Starts(chunk) >> i & 1) != 0)
                {
                    starts.Add(chunk + i);
                }
            }
        }

        Assert.Equal(expected.Select(cluster => cluster.Start), starts);
        for (var i = 0; i < expected.Count; i++)
        {
            var (start, kind) = expected[i];
            var isInside = i > 0 && kind == ElementKind.Spaced && expected[i - 1].Kind == ElementKind.Spaced;
            Assert.Equal((kind, !isInside), (clusters.Kind(start), clusters.IsBoundary(start)));
            Assert.Equal(i + 1 < expected.Count ? expected[i + 1].Start : text.Length, clusters.End(start));
            var mayBegin = (clusters.WordStarts(start / ClusterMap.Chunk * ClusterMap.Chunk) >> start & 1) != 0;
            Assert.Equal(kind is ElementKind.Spaced or ElementKind.Unspaced && !isInside, mayBegin);
        }
    }
}
