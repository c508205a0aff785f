using System.Text.Encodings.Web;
using System.Text.Json;
using Llamax.Models;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;
using TorchSharp;

namespace Llamax.Evaluation.Matrix;

/// <summary>An instruction-tuned model that is asked for translations, computing in float32 whatever its weights are stored in.</summary>
public sealed class ModelSystem : ITranslationSystem, IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly CausalLanguageModel model;
    private readonly Tokenizer tokenizer;
    private readonly PromptTemplate template;
    private readonly GenerationOptions options;
    private readonly BeamSearch search;

    /// <summary>Loads a model folder, its tokenizer included.</summary>
    /// <param name="name">The name that scores and files carry.</param>
    /// <param name="folder">A Hugging Face folder with its tokenizer.</param>
    /// <param name="template">How it is asked.</param>
    /// <param name="options">How it searches for output.</param>
    /// <param name="note">Receives what the user should know about the choice of the tokenizer.</param>
    /// <exception cref="LlamaxException">A file is missing or broken, or the tokenizer does not fit the model.</exception>
    public ModelSystem(string name, string folder, PromptTemplate template, GenerationOptions options, Action<string>? note = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        var config = ConfigFile.Read(folder);
        tokenizer = TokenizerFolder.Load(folder, note);
        ModelFolder.CheckTokenizer(config, tokenizer);
        var endIds = EndTokens.Read(folder, config);
        (Name, this.template, this.options) = (name, template, options);
        Settings = JsonSerializer.Serialize(
            new
            {
                Model = ModelStamp.Of(folder),
                Prompt = template.RenderTranslation("{source}", "{target}", "{input}"),
                Options = options with { BatchTokens = 1 }, // Results do not depend on it.
            },
            Json) + "\n";
        model = ModelFolder.Load(folder, torch.ScalarType.Float32);
        search = new BeamSearch(model, endIds);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="LlamaxException">A language is unknown, or a sentence leaves no room in the model's positions.</exception>
    public IReadOnlyList<string> Translate(IReadOnlyList<TranslationTask> tasks, CancellationToken cancellationToken)
    {
        var prompts = tasks.Select(task => PromptEncoder.EncodeTranslation(
            template, PromptName(task.Source), PromptName(task.Target), task.Text, tokenizer)).ToList();
        return [.. search.Generate(prompts, options, cancellationToken).Select(hypotheses => hypotheses[0].DecodeLine(tokenizer))];
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private static string PromptName(string code) => LanguageRegistry.Default.Get(code).PromptName;
}
