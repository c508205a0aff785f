using System.ComponentModel.DataAnnotations;
using Llamax.Text.Files;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Patterns;

/// <summary>
/// What is generated from a <see cref="PatternWorld"/>: parallel text, monolingual text, held-out text, dictionaries
/// and instructions. No held-out sentence stands anywhere in the training files, in any of its languages, not even as
/// part of a longer sentence.
/// </summary>
public sealed class PatternCorpus
{
    private PatternCorpus(IReadOnlyDictionary<string, string> files, int sentences) => (Files, Sentences) = (files, sentences);

    /// <summary>The content of every file by its path within the output folder.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>How many different meanings the world can say.</summary>
    public int Sentences { get; }

    /// <summary>Generates everything in memory; the same world and options give the same bytes.</summary>
    /// <param name="world">The world.</param>
    /// <param name="options">How much of it.</param>
    /// <exception cref="LlamaxException">The world is too small for what is asked, or an option is out of range.</exception>
    public static PatternCorpus Generate(PatternWorld world, PatternCorpusOptions options)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new LlamaxException(string.Join(" ", problems.Select(problem => problem.ErrorMessage)));
        }

        var languages = world.Languages.Select(language => language.Code).ToArray();
        var pools = MeaningPool.Cut(world, options.Seed, 0.1, 0.5, 0.4);
        var (heldOutPool, parallelPool, monolingualPool) = (pools[0], pools[1], pools[2]);
        var sentences = pools.Sum(pool => pool.Count);

        var heldOut = new HeldOutSentences(languages);
        var test = heldOutPool.Draw(options.Test, heldOut.TryAdd, Stream("test"), "the test text");
        var dev = heldOutPool.Draw(options.Dev, heldOut.TryAdd, Stream("dev"), "the development text");
        var train = parallelPool.Draw(options.Train, heldOut.AllowsAllSides, Stream("train"), "the training text");
        heldOut.CheckWordsOccurIn(train);

        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var language in languages)
        {
            files[$"train.{language}.txt"] = Lines(train, language);
            files[$"test.{language}.txt"] = Lines(test, language);
            files[$"dev.{language}.txt"] = Lines(dev, language);
            var monolingual = monolingualPool.Copy(Stream("order", language)).Draw(
                language == "en" ? options.EnglishMonolingual : options.OtherMonolingual,
                meaning => heldOut.Allows(meaning, language), Stream("mono", language), $"the monolingual text of '{language}'");
            files[$"mono.{language}.txt"] = Documents(monolingual, language, options.SentencesPerDocument);
            if (language != "en")
            {
                files[$"dictionary/en-{language}.txt"] = PatternDictionary.Build(train, language);
            }
        }

        files["instructions.json"] = InstructionFile.Build(world, train, options);
        return new PatternCorpus(files, sentences);

        RandomStream Stream(params string[] name) => new(options.Seed, ["patterns", .. name]);
    }

    /// <summary>Writes the files, replacing those of the same names.</summary>
    /// <param name="folder">The output folder; it is created where it is missing.</param>
    public void WriteTo(string folder)
    {
        foreach (var (path, content) in Files)
        {
            AtomicFile.WriteText(Path.Combine(folder, path), content);
        }
    }

    private static string Lines(List<Meaning> meanings, string language) =>
        string.Concat(meanings.Select(meaning => meaning.Text(language) + "\n"));

    private static string Documents(List<Meaning> meanings, string language, int sentencesPerDocument) =>
        string.Concat(meanings.Chunk(sentencesPerDocument).Select(document => document.Select(meaning => meaning.Text(language))
            .Aggregate((text, sentence) => text + (text[^1] is '。' or '？' or '！' ? "" : " ") + sentence) + "\n"));
}
