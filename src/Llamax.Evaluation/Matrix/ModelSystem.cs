using System.Text.Encodings.Web;
using System.Text.Json;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;
using TorchSharp;

namespace Llamax.Evaluation.Matrix;

/// <summary>A model that translates, computing in float32 whatever its weights are stored in.</summary>
public sealed class ModelSystem : ITranslationSystem, IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TranslationModel model;
    private readonly GenerationOptions options;

    /// <summary>Loads a model folder, its tokenizer included.</summary>
    /// <param name="name">The name that scores and files carry.</param>
    /// <param name="folder">A Hugging Face folder with its tokenizer.</param>
    /// <param name="template">How it is asked; by the template of its family where null.</param>
    /// <param name="options">How it searches for output.</param>
    /// <param name="note">Receives what the user should know: of the choice of the tokenizer, and of weights that are not used.</param>
    /// <exception cref="LlamaxException">A file is missing or broken, or the tokenizer does not fit the model.</exception>
    public ModelSystem(string name, string folder, PromptTemplate? template, GenerationOptions options, Action<string>? note = null)
    {
        (Name, this.options) = (name, options);
        model = TranslationModel.Load(folder, template, torch.ScalarType.Float32, note: note);
        Settings = JsonSerializer.Serialize(
            new
            {
                Model = ModelStamp.Of(folder),
                Prompt = model.Wording,
                Options = options with { BatchTokens = 1 }, // Results do not depend on it.
            },
            Json) + "\n";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="LlamaxException">A language is unknown, or a sentence leaves no room in the model's positions.</exception>
    public IReadOnlyList<string> Translate(IReadOnlyList<TranslationTask> tasks, CancellationToken cancellationToken)
    {
        var prompts = tasks.Select(task => model.Encode(task.Text, Language(task.Source), Language(task.Target))).ToList();
        return [.. model.Generate(prompts, options, cancellationToken: cancellationToken).Select(hypotheses => model.Decode(hypotheses[0]))];
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private static Language Language(string code) => LanguageRegistry.Default.Get(code);
}
