using System.Text;
using System.Text.Json;
using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tokenizers.HuggingFace;

namespace Llamax.Text.Tests.Tokenizers.HuggingFace;

/// <summary>Random small models against what their definitions say, computed in the slow and obvious way.</summary>
public sealed class ReferenceModelTests
{
    private static readonly Gen<string> Text = Gen.Char["ab▁ é"].Array[0, 40].Select(characters => new string(characters));

    [Fact]
    public void Bpe_merges_the_lowest_rank_first() => Gen.Select(Gen.Int[0, 30].Array[0, 12], Text.Array[1, 8]).Sample(
        (draws, texts) =>
        {
            var (tokens, merges) = (new List<string> { "a", "b", "▁" }, new List<(string Left, string Right)>());
            foreach (var draw in draws)
            {
                var merge = (tokens[draw % tokens.Count], tokens[draw * 7 % tokens.Count]);
                merges.Add(merge);
                if (!tokens.Contains(merge.Item1 + merge.Item2))
                {
                    tokens.Add(merge.Item1 + merge.Item2);
                }
            }

            var tokenizer = Load(new
            {
                normalizer = new { type = "Replace", pattern = new { String = " " }, content = "▁" },
                model = new
                {
                    type = "BPE",
                    vocab = tokens.Index().ToDictionary(token => token.Item, token => token.Index),
                    merges = merges.Select(merge => new[] { merge.Left, merge.Right }),
                },
            });
            foreach (var text in texts)
            {
                Assert.Equal(Merge(text, merges), tokenizer.Encode(text).Select(tokenizer.IdToPiece));
            }
        }, iter: 300, threads: 1);

    [Fact]
    public void Unigram_finds_the_highest_sum() => Gen.Select(Gen.Select(Gen.Char["ab▁"].Array[1, 4], Gen.Int[-40, 0]).Array[1, 10], Text.Array[1, 8]).Sample(
        (draws, texts) =>
        {
            var scores = new Dictionary<string, double>(StringComparer.Ordinal) { ["<unk>"] = 0 };
            foreach (var (characters, score) in draws)
            {
                scores.TryAdd(new string(characters), score / 8.0);
            }

            var tokenizer = Load(new { model = new { type = "Unigram", unk_id = 0, vocab = scores.Select(token => new object[] { token.Key, token.Value }) } });
            foreach (var text in texts.Select(text => text.Replace(' ', 'c')))
            {
                // Scores are eighths, so sums are exact; unknown characters are joined, and so counted in the text.
                var ids = tokenizer.Encode(text);
                Assert.Equal(Best(text, scores), Score(text, ids, tokenizer, scores));
            }
        }, iter: 300, threads: 1);

    private static List<string> Merge(string text, List<(string Left, string Right)> merges)
    {
        var parts = text.Replace(' ', '▁').Where(character => character != 'é').Select(character => character.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, parts.Count - 1))
                .Select(place => (Rank: merges.LastIndexOf((parts[place], parts[place + 1])), Place: place))
                .Where(candidate => candidate.Rank >= 0).DefaultIfEmpty((Rank: -1, Place: -1)).Min();
            if (best.Place < 0)
            {
                return parts;
            }

            parts[best.Place] += parts[best.Place + 1];
            parts.RemoveAt(best.Place + 1);
        }
    }

    private static double Best(string text, Dictionary<string, double> scores)
    {
        var best = new double[text.Length + 1];
        for (var end = 1; end <= text.Length; end++)
        {
            best[end] = Enumerable.Range(0, end).Max(start => best[start] + (scores.TryGetValue(text[start..end], out var score) ? score
                : end - start == 1 ? scores.Values.Min() - 10 : double.NegativeInfinity));
        }

        return best[^1];
    }

    private static double Score(string text, int[] ids, HuggingFaceTokenizer tokenizer, Dictionary<string, double> scores)
    {
        var (sum, known) = (0.0, 0);
        foreach (var piece in ids.Where(id => id != 0).Select(tokenizer.IdToPiece))
        {
            sum += scores[piece];
            known += piece.Length;
        }

        return sum + (text.Length - known) * (scores.Values.Min() - 10);
    }

    private static HuggingFaceTokenizer Load(object json)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("tokenizer.json");
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(json));
        return HuggingFaceTokenizer.Load(file);
    }
}
