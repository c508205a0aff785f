using Llamax.Corpora.Building;
using Llamax.Corpora.Readers.Records;
using Llamax.Models.Native;
using Llamax.Recipes.Schema;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Stages;

/// <summary>What all stages of a run share: the recipe and where things lie in the run folder.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="Building">How training data are made.</param>
internal sealed record RunContext(Recipe Recipe, string Folder, DataBuilding Building)
{
    public const string Tokenizer = "tokenizer";
    public const string Data = "data";
    public const string Base = "base";
    public const string Pretrain = "pretrain";
    public const string Finetune = "finetune";
    public const string Evaluate = "evaluate";
    public const string Report = "report";

    private readonly Lazy<double> matrixRate = new(() => Models.Native.MatrixRate.Measure() * 1e9);

    /// <summary>The stages of every run, in order; <c>base</c> is left out where the recipe names a model.</summary>
    public static IReadOnlyList<string> StageNames { get; } = [Tokenizer, Data, Base, Pretrain, Finetune, Evaluate, Report];

    private readonly Lazy<ReadingOptions> reading = new(() => new ReadingOptions { InvalidUtf8 = Building.InvalidUtf8 ?? DataStage.InvalidUtf8Of(Folder) });

    /// <summary>The file of the remembered hashes.</summary>
    public string HashFile => HashesOf(Folder);

    /// <summary>How corpora are read; asked for first before a stage changes what the run folder says of it.</summary>
    public ReadingOptions Reading => reading.Value;

    /// <summary>The folder of the run's tokenizer.</summary>
    public string TokenizerFolder => Path.Combine(Folder, Tokenizer);

    /// <summary>The tokenizer's files as inputs.</summary>
    public IEnumerable<KeyValuePair<string, string>> TokenizerInputs =>
        TokenizerFiles.In(TokenizerFolder).Select(file => KeyValuePair.Create($"{Tokenizer}/{Path.GetFileName(file)}", file));

    /// <summary>The file of the remembered hashes of a run folder.</summary>
    public static string HashesOf(string folder) => Path.Combine(folder, ".hashes.json");

    /// <summary>The model that is taught: the recipe's, or the one of the base stage.</summary>
    public string BaseModel => Recipe.Model.Path ?? Path.Combine(Folder, Base, "model");

    /// <summary>The model after continual pre-training.</summary>
    public string PretrainedModel => Path.Combine(Folder, Pretrain, "model");

    /// <summary>The instruction-tuned model of a system.</summary>
    public string TunedModel(string system) => Path.Combine(Folder, Finetune, system, "model");

    /// <summary>The folder of a training set.</summary>
    public string TrainingSet(string stage) => Path.Combine(Folder, Data, stage);

    /// <summary>Loads the tokenizer.</summary>
    public Tokenizer LoadTokenizer() => Text.Tokenizers.TokenizerFolder.Load(TokenizerFolder);

    /// <summary>A seed for a part that takes a number rather than a stream.</summary>
    public long Seed(params ReadOnlySpan<string> name) => unchecked((long)new RandomStream(Recipe.Seed, name).NextUInt64());

    /// <summary>Loads libtorch with the recipe's number of threads.</summary>
    public void PrepareComputing()
    {
        LibTorch.EnsureLoaded();
        TorchSharp.torch.set_num_threads(Recipe.Threads > 0 ? Recipe.Threads : Environment.ProcessorCount);
    }

    /// <summary>The machine's matrix-product rate in floating-point operations per second, measured once a run.</summary>
    public double MatrixRate() => matrixRate.Value;

    /// <summary>The files of a folder as inputs: their path in the run folder (or as it is outside of it) and where they lie.</summary>
    /// <param name="folder">The folder; what is below its subfolders is not taken.</param>
    public IEnumerable<KeyValuePair<string, string>> FilesOf(string folder) =>
        Directory.Exists(folder)
            ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => KeyValuePair.Create(LabelOf(file), file))
            : [];

    /// <summary>The files of a training set as inputs.</summary>
    /// <param name="stage">The stage that trains on it.</param>
    public IEnumerable<KeyValuePair<string, string>> FilesOfTrainingSet(string stage) =>
        FilesOf(TrainingSet(stage)).Where(file => Path.GetFileName(file.Value) != BuildTimes.FileName);

    private string LabelOf(string file)
    {
        var relative = Path.GetRelativePath(Folder, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? $"model.path/{Path.GetFileName(file)}" : relative;
    }
}
