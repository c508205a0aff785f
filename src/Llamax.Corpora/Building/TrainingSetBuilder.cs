using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Shards;
using Llamax.Text.Prompts;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Building;

/// <summary>
/// Makes a training set, part by part, the parts of Algorithm 1 among them. The same inputs, options and seed give the
/// same bytes, whatever the number of threads.
/// </summary>
public sealed class TrainingSetBuilder : IDisposable
{
    private const int ReportEvery = 4096;

    private readonly DataOptions options;
    private readonly long seed;
    private readonly int threads;
    private readonly IProgress<BuildProgress>? progress;
    private readonly CancellationToken cancellationToken;
    private readonly ExampleEncoder encoder;
    private readonly ShardWriter writer;
    private readonly HashSet<string> monolingual = [];

    /// <summary>Starts a training set.</summary>
    /// <param name="folder">The folder that will hold it once <see cref="Complete"/> is called.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="stamp">Says which tokenizer that is, for the manifest; may be null.</param>
    /// <param name="options">How texts become entries.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Threads at most; 0 for one per core.</param>
    /// <param name="progress">Told from time to time.</param>
    /// <param name="cancellationToken">Ends the building; nothing is left behind.</param>
    /// <exception cref="LlamaxException">The folder holds something that is no training set.</exception>
    public TrainingSetBuilder(
        string folder,
        Tokenizer tokenizer,
        TokenizerStamp? stamp,
        DataOptions options,
        long seed,
        int threads = 0,
        IProgress<BuildProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        this.options = options;
        this.seed = seed;
        this.threads = threads;
        this.progress = progress;
        this.cancellationToken = cancellationToken;
        encoder = new ExampleEncoder(tokenizer, options);
        writer = new ShardWriter(folder, options.Shards, stamp);
    }

    /// <summary>Adds the texts of a language, cut into blocks. A language's texts enter once.</summary>
    /// <param name="language">The language's code.</param>
    /// <param name="files">Text, <c>.jsonl</c> or <c>.json</c>, see <see cref="DocumentReader"/>; a file named twice is read once.</param>
    /// <exception cref="LlamaxException">A file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The language was added before.</exception>
    public void AddMonolingual(string language, IEnumerable<TextFile> files)
    {
        if (!monolingual.Add(language))
        {
            throw new InvalidOperationException($"the monolingual text of {language} was added before");
        }

        var documents = files.DistinctBy(file => file.Name).SelectMany(file => DocumentReader.Read(file, language));
        Write($"monolingual text, {language}", documents, encoder.Blocks);
    }

    /// <summary>
    /// Adds the sentence pairs of every two of the languages: connected, in a direction drawn for each; repeated where
    /// the two languages have few; and code-switched in both directions where one of them has few in all.
    /// </summary>
    /// <param name="sets">The parallel text.</param>
    /// <param name="languages">The languages to pair; others in the sets are left alone.</param>
    /// <param name="switcher">Augments scarce languages; null for no augmentation.</param>
    /// <exception cref="LlamaxException">A file cannot be read, or files that belong together differ in length.</exception>
    public void AddParallel(IReadOnlyList<MultiwaySet> sets, IReadOnlyCollection<string> languages, CodeSwitcher? switcher)
    {
        var all = Census(sets, languages);
        var ofLanguage = languages.ToDictionary(language => language, language =>
            all.Where(pairs => pairs.First == language || pairs.Second == language).Sum(pairs => (long)pairs.Count));
        foreach (var pairs in all)
        {
            var replicas = pairs.Count < options.ReplicateBelow ? options.Replicate : 1;
            var scarce = ofLanguage[pairs.First] < options.AugmentBelow || ofLanguage[pairs.Second] < options.AugmentBelow;
            writer.LeaveOut("sentence pairs that occur again", pairs.Duplicates);
            writer.LeaveOut("sentence pairs above max_pairs", pairs.Count - pairs.Sampled);
            Write($"sentence pairs, {pairs.First}-{pairs.Second}", pairs.Read(),
                pair => Entries(pair, replicas, scarce && options.CodeSwitch.Enabled ? switcher : null));
        }
    }

    /// <summary>Adds instructions and their answers.</summary>
    /// <param name="files">In Alpaca format, see <see cref="InstructionReader"/>.</param>
    /// <param name="template">How the prompt is worded.</param>
    /// <exception cref="LlamaxException">A file cannot be read, or lacks a part of an instruction.</exception>
    public void AddInstructions(IEnumerable<TextFile> files, PromptTemplate template) =>
        Write("instructions", files.DistinctBy(file => file.Name).SelectMany(InstructionReader.Read),
            instruction => new List<TrainingExample?> { encoder.Instruct(instruction, template) }, "instructions above max_tokens or without a response");

    /// <summary>Notes for the manifest that something was left out before it came here, such as lines of a dictionary.</summary>
    /// <param name="what">What it was, in the words that the manifest shall have.</param>
    /// <param name="count">How many; nothing is noted for 0.</param>
    public void LeaveOut(string what, long count) => writer.LeaveOut(what, count);

    /// <summary>Writes what is left, and puts the training set into its folder.</summary>
    /// <returns>The manifest: what the training set holds and what was left out.</returns>
    /// <exception cref="LlamaxException">There is not one entry.</exception>
    public ShardManifest Complete() => writer.Complete();

    /// <summary>Removes what was written unless <see cref="Complete"/> was reached.</summary>
    public void Dispose() => writer.Dispose();

    private List<PairCensus> Census(IReadOnlyList<MultiwaySet> sets, IReadOnlyCollection<string> languages)
    {
        var sorted = languages.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var found = new List<PairCensus>();
        for (var i = 0; i < sorted.Count; i++)
        {
            for (var j = i + 1; j < sorted.Count; j++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var both = sets.Where(set => set.Languages.Contains(sorted[i]) && set.Languages.Contains(sorted[j])).ToList();
                if (both.Count > 0)
                {
                    found.Add(new PairCensus(both, sorted[i], sorted[j], options.MaxPairs, seed));
                }
            }
        }

        return found;
    }

    /// <summary>All entries of a sentence pair; null stands for one that is left out because it is too long.</summary>
    private List<TrainingExample?> Entries(SentencePair pair, int replicas, CodeSwitcher? switcher)
    {
        var back = new SentencePair(pair.TargetLanguage, pair.SourceLanguage, pair.Target, pair.Source);
        var draws = new RandomStream(seed, "direction", pair.SourceLanguage, pair.TargetLanguage, pair.Source, pair.Target);
        var entries = new List<TrainingExample?>();
        for (var i = 0; i < replicas; i++)
        {
            entries.Add(encoder.Connect(draws.NextDouble() < 0.5 ? pair : back));
        }

        for (var copy = 0; switcher is not null && copy < options.CodeSwitch.Copies; copy++)
        {
            foreach (var direction in new[] { pair, back })
            {
                if (switcher.Switch(direction, copy) is { } changed)
                {
                    entries.Add(encoder.ConnectForTarget(direction with { Source = changed }));
                }
            }
        }

        return entries;
    }

    private void Write<T>(
        string part, IEnumerable<T> inputs, Func<T, IEnumerable<TrainingExample?>> entries, string tooLong = "sentence pairs above max_tokens, by entry")
    {
        progress?.Report(new BuildProgress(part, writer.Rows));
        foreach (var some in OrderedMap.Select(inputs, threads, entries, cancellationToken))
        {
            foreach (var entry in some)
            {
                if (entry is null)
                {
                    writer.LeaveOut(tooLong);
                    continue;
                }

                writer.Add(entry);
                if (writer.Rows % ReportEvery == 0)
                {
                    progress?.Report(new BuildProgress(part, writer.Rows));
                }
            }
        }
    }
}
