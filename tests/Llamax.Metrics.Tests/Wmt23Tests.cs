using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Llamax.Metrics.Tokenization;
using Llamax.Testing;

namespace Llamax.Metrics.Tests;

/// <summary>The scores that WMT23's organisers published for real systems, to the last digit that was printed.</summary>
public sealed class Wmt23Tests
{
    [Theory]
    [InlineData("en-zh", "zh")]
    [InlineData("cs-uk", "uk")]
    [InlineData("de-en", "en")]
    [InlineData("en-de", "de")]
    public void EqualsThePublishedScores(string direction, string target)
    {
        var files = Read();
        var reference = Lines(files[$"references/generaltest2023.{direction}.ref.refA.{target}"]);
        var bleu = new Bleu(new BleuOptions { Tokenizer = target == "zh" ? BleuTokenizer.Chinese : BleuTokenizer.V13a });
        var published = Lines(files["automatic-scores.tsv"]).Select(line => line.Split('\t')).ToList();
        var systems = files.Keys.Where(name => name.StartsWith($"system-outputs/generaltest2023.{direction}.hyp.")).Order().Take(3).ToList();
        Assert.Equal(3, systems.Count);
        foreach (var name in systems)
        {
            var system = name.Split(".hyp.")[1][..^(target.Length + 1)];
            var hypotheses = Lines(files[name]);
            Assert.Equal(Published("bleu"), bleu.Corpus(hypotheses, [reference]).Value, 1e-9);
            Assert.Equal(Published("chrf"), new Chrf().Corpus(hypotheses, [reference]).Value, 1e-9);

            double Published(string metric) => double.Parse(published.Single(cells =>
                cells[0] == direction && cells[1] == system && cells[4] == $"{metric}-refA")[5]);
        }
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    private static Dictionary<string, string> Read()
    {
        using var stream = new GZipStream(
            File.OpenRead(Shared.Path("data", "wmt23", "wmt23_general.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(stream);
        var files = new Dictionary<string, string>();
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                // A byte order mark stays: the published scores count it as a character.
                var bytes = new byte[entry.Length];
                data.ReadExactly(bytes);
                files.Add(entry.Name, Encoding.UTF8.GetString(bytes));
            }
        }

        return files;
    }
}
