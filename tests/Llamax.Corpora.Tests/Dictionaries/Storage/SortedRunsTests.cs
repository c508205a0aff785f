using System.Text;
using Llamax.Corpora.Dictionaries.Storage;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Dictionaries.Storage;

public sealed class SortedRunsTests
{
    /// <summary>A run is a file that stays open: systems allow a process 1,024 of them, some 256.</summary>
    [Fact]
    public void Little_memory_takes_few_files()
    {
        using var temporary = new TemporaryFolder();
        using var runs = new SortedRuns(() => temporary.Path, "words", memory: 1);
        var (expected, most) = (new List<string>(), 0);
        for (var i = 0; i < 100_000; i++)
        {
            var text = $"{i * 7919L % 200_003:D6} a word of some letters";
            expected.Add(text);
            runs.Add(Encoding.UTF8.GetBytes(text));
            most = i % 1000 == 0 ? Math.Max(most, Directory.GetFiles(temporary.Path).Length) : most;
        }

        expected.Sort(StringComparer.Ordinal);
        foreach (var text in expected)
        {
            Assert.True(runs.TryRead(out var bytes) && bytes.SequenceEqual(Encoding.UTF8.GetBytes(text)));
        }

        Assert.False(runs.TryRead(out _));
        Assert.InRange(most, 10, 50);
        Assert.Equal(100_000, runs.Count);
    }
}
