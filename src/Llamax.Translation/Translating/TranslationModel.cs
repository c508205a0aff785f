using Llamax.Models;
using Llamax.Models.Branches;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using TorchSharp;

namespace Llamax.Translation.Translating;

/// <summary>
/// A model that translates, whatever its kind: a language model that is asked in words, or an encoder-decoder model that
/// is told languages by tokens. One call of <see cref="Generate"/> at a time.
/// </summary>
public abstract class TranslationModel : IDisposable
{
    /// <summary>A model with that tokenizer.</summary>
    private protected TranslationModel(Tokenizer tokenizer) => Tokenizer = tokenizer;

    /// <summary>The model's tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>What the model reads for a text, with <c>{source}</c>, <c>{target}</c> and <c>{input}</c> in their places.</summary>
    public abstract string Wording { get; }

    /// <summary>Number type that the model computes in.</summary>
    public abstract torch.ScalarType Type { get; }

    /// <summary>Where the model computes.</summary>
    public abstract torch.Device Device { get; }

    /// <summary>Most tokens that the model can read, its own among them.</summary>
    public abstract int Room { get; }

    /// <summary>How long parts of the model were loaded while it translated, all together; nothing for a model that is loaded whole.</summary>
    public virtual TimeSpan LoadingTime => TimeSpan.Zero;

    /// <summary>Loads a model folder, its tokenizer included.</summary>
    /// <param name="folder">A Hugging Face folder with its tokenizer.</param>
    /// <param name="template">How prompts are worded; the one of the model's family where null.</param>
    /// <param name="type">Number type to compute in; float32 on the CPU and bfloat16 elsewhere where null.</param>
    /// <param name="device">Where to compute; the CPU where null.</param>
    /// <param name="note">Receives what the user should know: of the choice of the tokenizer, of weights that are not used, and of memory that did not suffice.</param>
    /// <param name="flow">Of a model that comes in branches, which are loaded; they are when a direction is first asked for.</param>
    /// <exception cref="LlamaxException">
    /// A file is missing or broken, the tokenizer does not fit, the model is an encoder, a flow is wanted of one that does not come in branches, or a
    /// template for one that reads no prompt.
    /// </exception>
    public static TranslationModel Load(
        string folder, PromptTemplate? template = null, torch.ScalarType? type = null, torch.Device? device = null, Action<string>? note = null,
        BranchFlow flow = BranchFlow.Auto)
    {
        // What is small comes first: a mistake shows before gigabytes are read.
        var branches = BranchFolder.Find(folder);
        if (branches is null && flow != BranchFlow.Auto)
        {
            throw new LlamaxException($"{folder}: the flow '{flow.ToString().ToLowerInvariant()}' chooses among a model's branches, as Lego-MT has; this model has none. Leave --flow out.");
        }

        if (branches is not null && !TokenizerFolder.Holds(folder))
        {
            throw new LlamaxException($"{folder}: the tokenizer is missing: put spm.128k.model and data_dict.rm.alllans.txt of Lego-MT's release there.");
        }

        var (kind, own) = (ConfigFile.KindOf(folder), ConfigFile.TemplateOf(folder));
        if (template is not null && own is null && kind != ModelKind.Encoder)
        {
            throw new LlamaxException(
                $"{folder}: this model is told by tokens which language it reads and which it writes, and reads no prompt that a template ('{template.Name}') could word: leave the template out (--template).");
        }

        template ??= own is null ? null : PromptTemplate.Find(own);
        var tokenizer = TokenizerFolder.Load(folder, note);
        var number = type ?? (device is null || device.type == DeviceType.CPU ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16);
        switch (kind)
        {
            case ModelKind.Decoder:
                var config = ConfigFile.Read(folder);
                ModelFolder.CheckTokenizer(config, tokenizer);
                var ends = EndTokens.Read(folder, config);
                return new PromptedModel(ModelFolder.Load(folder, number, device, note), tokenizer, template!, ends, note);
            case ModelKind.EncoderDecoder:
                var both = ConfigFile.ReadSequenceToSequence(folder);
                ModelFolder.CheckTokenizer(both.Decoder, tokenizer);
                var last = EndTokens.Read(folder, both.Decoder);
                if (branches is not null)
                {
                    return new BranchedModel(branches, both, tokenizer, flow, last, number, device ?? torch.CPU, note);
                }

                return new EncoderDecoderModel(ModelFolder.LoadSequenceToSequence(folder, number, device, note), tokenizer, template, last, note);
            default:
                throw new LlamaxException($"{folder}: an encoder gives states, not text; a model that translates is needed.");
        }
    }

    /// <summary>A translation model over a loaded language model.</summary>
    /// <param name="model">The model; it is disposed of with the result.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="template">How prompts are worded; <c>alpaca</c> where null.</param>
    /// <param name="endIds">Tokens that end a text; the model's own where null.</param>
    /// <exception cref="LlamaxException">The tokenizer does not fit the model.</exception>
    public static TranslationModel Over(
        CausalLanguageModel model, Tokenizer tokenizer, PromptTemplate? template = null, IReadOnlyCollection<int>? endIds = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ModelFolder.CheckTokenizer(model.Config, tokenizer);
        return new PromptedModel(model, tokenizer, template ?? PromptTemplate.Find(PromptTemplate.DefaultName), endIds);
    }

    /// <summary>What the model reads for a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Its language.</param>
    /// <param name="to">The language to translate into.</param>
    /// <exception cref="LlamaxException">The model knows a language only by a token, and has none for this one.</exception>
    public abstract Prompt Encode(string text, Language from, Language to);

    /// <summary>Searches for translations.</summary>
    /// <param name="prompts">Of <see cref="Encode"/>, which may be of different languages.</param>
    /// <param name="options">How to search.</param>
    /// <param name="finished">Told of each prompt's number and hypotheses as soon as it is done; may be null.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <returns>For each prompt, in the order given, its hypotheses, best first.</returns>
    /// <exception cref="LlamaxException">An option is out of range, a prompt does not fit, or the memory does not suffice for one.</exception>
    public virtual IReadOnlyList<IReadOnlyList<Hypothesis>> Generate(
        IReadOnlyList<Prompt> prompts, GenerationOptions options, Action<int, IReadOnlyList<Hypothesis>>? finished = null,
        CancellationToken cancellationToken = default) => Search.Generate(prompts, options, finished, cancellationToken);

    /// <summary>A hypothesis as one line of text, without special tokens.</summary>
    /// <param name="hypothesis">Of <see cref="Generate"/>.</param>
    public virtual string Decode(Hypothesis hypothesis)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        return hypothesis.DecodeLine(Tokenizer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What is said where the memory did not suffice.</summary>
    private protected static string MemoryNote(int budget) => $"the memory did not suffice; going on with prompts of {budget:N0} tokens side by side";

    /// <summary>The search over the model.</summary>
    private protected abstract BeamSearch Search { get; }

    /// <summary>Frees the model's memory.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
