using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Llamax.Testing;
using Llamax.Text.Randomness;

namespace Llamax.EndToEnd.Data;

/// <summary>Generated corpora of every kind of source, and a recipe that makes training sets of them.</summary>
internal sealed class DataSources
{
    private const int Words = 400;

    private static readonly string[] Syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "su", "ta", "ve", "zi"];

    private readonly string folder;
    private readonly string[] names;

    /// <summary>Writes everything.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="records">Texts of a monolingual file; there are three in English and two in French, and pairs beside.</param>
    /// <param name="names">What the files of a kind are called, in the order in which they are written.</param>
    public DataSources(string folder, int records, params string[] names)
    {
        (this.folder, this.names) = (Directory.CreateDirectory(folder).FullName, names is [] ? ["a", "b", "c"] : names);
        foreach (var (file, language) in new[] { (0, "en"), (1, "en"), (2, "en"), (0, "fr"), (1, "fr") })
        {
            WriteTexts(file, language, records);
        }

        WritePairs(records);
        foreach (var language in new[] { "de", "en", "fr" })
        {
            WriteLines($"set.{language}", "set", language, records / 4);
        }

        foreach (var language in new[] { "de", "fr" })
        {
            WriteLines($"moses.{language}", "moses", language, records / 4);
        }

        File.WriteAllLines(Path.Combine(folder, "en-fr.txt"), Enumerable.Range(0, Words / 2).Select(word => $"{Word("en", word)} {Word("fr", word)}"));
        File.WriteAllText(Recipe, Yaml());
    }

    /// <summary>The recipe's file.</summary>
    public string Recipe => Path.Combine(folder, "recipe.yaml");

    /// <summary>SHA-256 of every shard and manifest of a run folder.</summary>
    public static string Fingerprint(string run) => string.Join('\n', Directory.GetFiles(Path.Combine(run, "data"), "*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".arrow", StringComparison.Ordinal) || Path.GetFileName(file) == "manifest.json")
        .Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetRelativePath(run, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}"));

    /// <summary>Builds with <c>llamax data build</c>, which must succeed.</summary>
    /// <returns>What it said.</returns>
    public string Build(string run, params string[] more)
    {
        var (code, _, errors) = CommandLine.Run(["data", "build", Recipe, "--out", run, .. more]);
        Assert.True(code == 0, errors);
        return errors;
    }

    private void WriteTexts(int file, string language, int records)
    {
        var random = new RandomStream(1, "texts", language, $"{file}");
        var (lines, latest) = (new StringBuilder(), "");
        for (var i = 0; i < records; i++)
        {
            latest = i % 50 == 49 ? latest : Sentences(random, language, 2 + random.Next(8)); // Some say it twice.
            lines.Append(JsonSerializer.Serialize(new Dictionary<string, string> { ["text"] = latest, ["url"] = $"https://example.org/{i}" })).Append('\n');
        }

        var path = Path.Combine(folder, $"{names[file]}.{language}.jsonl");
        if (file == 0)
        {
            using var packed = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest);
            packed.Write(Encoding.UTF8.GetBytes(lines.ToString()));
        }
        else
        {
            File.WriteAllText(path, lines.ToString());
        }
    }

    private void WritePairs(int records)
    {
        for (var file = 0; file < 2; file++)
        {
            var random = new RandomStream(1, "pairs", $"{file}");
            File.WriteAllLines(Path.Combine(folder, $"{names[file]}.pairs.tsv"), Enumerable.Range(0, records / 2).Select(_ =>
            {
                int[] words = [.. Enumerable.Range(0, 6 + random.Next(10)).Select(_ => random.Next(Words))];
                return $"{Sentence("en", words)}\t{Sentence("fr", words)}";
            }));
        }
    }

    private void WriteLines(string name, string corpus, string language, int count)
    {
        var random = new RandomStream(1, corpus);
        File.WriteAllLines(Path.Combine(folder, name), Enumerable.Range(0, count).Select(_ =>
            Sentence(language, [.. Enumerable.Range(0, 6 + random.Next(10)).Select(_ => random.Next(Words))])));
    }

    private static string Sentences(RandomStream random, string language, int count) => string.Join(' ', Enumerable.Range(0, count)
        .Select(_ => Sentence(language, [.. Enumerable.Range(0, 6 + random.Next(10)).Select(_ => random.Next(Words))])));

    private static string Sentence(string language, int[] words) => string.Join(' ', words.Select(word => Word(language, word))) + ".";

    private static string Word(string language, int number) =>
        language[..1] + Syllables[number % 13] + Syllables[number / 13 % 13] + Syllables[number / 169 % 13];

    private string Yaml() =>
        $$"""
        name: generated
        seed: 7
        languages: [en, fr, de]
        data:
          base_text:
            en: ["{{names[1]}}.en.jsonl"]
          monolingual:
            "*": ["*.{lang}.jsonl*"]
          parallel:
            en-fr: ["*.pairs.tsv"]
            de-fr: ["moses.{lang}"]
          multiway:
            - "*": "set.{lang}"
          dictionaries:
            en-fr: [en-fr.txt]
          instructions: ["{{Path.Combine(Shared.Repository, "starter", "generated", "instructions.json")}}"]
          test: { en: set.en, fr: set.fr }
          replicate_below: 1000
          augment_below: 1_000_000
          cleaning:
            near_duplicates: { enabled: true }
          shards: { tokens: 200_000, rows: 2_000 }
        tokenizer:
          path: "{{Path.Combine(Shared.Repository, "tests", "Llamax.Metrics.Tests", "Fixtures", "toy_spm.model")}}"
        base: { steps: 1 }
        pretrain: { steps: 1 }
        finetune: { epochs: 1 }

        """;
}
