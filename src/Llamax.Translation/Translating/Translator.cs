using System.Runtime.CompilerServices;
using Llamax.Models;
using Llamax.Models.Branches;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using TorchSharp;

namespace Llamax.Translation.Translating;

/// <summary>
/// Translates texts with any model that Llamax reads: what an application uses. Thread-safe; one call computes at a time.
/// </summary>
/// <param name="model">The model; it is disposed of with the translator.</param>
public sealed class Translator(TranslationModel model) : IDisposable
{
    /// <summary>Texts of a stream that are computed together at most.</summary>
    private const int StreamChunk = 256;

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>A translator over a loaded language model.</summary>
    /// <param name="model">The model; it is disposed of with the translator.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="template">How prompts are worded; <c>alpaca</c> where null.</param>
    /// <param name="endIds">Tokens that end a text; the model's own where null.</param>
    /// <exception cref="LlamaxException">The tokenizer does not fit the model.</exception>
    public Translator(
        CausalLanguageModel model, Tokenizer tokenizer, PromptTemplate? template = null, IReadOnlyCollection<int>? endIds = null)
        : this(TranslationModel.Over(model, tokenizer, template, endIds))
    {
    }

    /// <summary>The model.</summary>
    public TranslationModel Model => model;

    /// <summary>Loads a translator from a model folder.</summary>
    /// <param name="folder">A Hugging Face folder with its tokenizer.</param>
    /// <param name="template">How prompts are worded; the template of the model's family where null.</param>
    /// <param name="type">Number type to compute in; float32 on the CPU and bfloat16 elsewhere where null.</param>
    /// <param name="device">Where to compute; the CPU where null.</param>
    /// <param name="note">Receives what the user should know: of the choice of the tokenizer, of weights that are not used, and of memory that did not suffice.</param>
    /// <param name="flow">Of a model that comes in branches (Lego-MT), which translate. Two are in memory at a time: those of the direction asked for last.</param>
    /// <exception cref="LlamaxException">A file is missing or broken, the tokenizer does not fit the model, or a flow is wanted of one without branches.</exception>
    public static Translator Load(
        string folder, PromptTemplate? template = null, torch.ScalarType? type = null, torch.Device? device = null, Action<string>? note = null,
        BranchFlow flow = BranchFlow.Auto) => new(TranslationModel.Load(folder, template, type, device, note, flow));

    /// <summary>Translates a text.</summary>
    /// <param name="text">The text: a sentence, or several.</param>
    /// <param name="from">Code of the text's language.</param>
    /// <param name="to">Code of the language to translate into.</param>
    /// <param name="options">How; the defaults where null.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <exception cref="LlamaxException">An unknown language, or an option out of range.</exception>
    public async Task<TranslatedText> TranslateAsync(
        string text, string from, string to, TranslationOptions? options = null, CancellationToken cancellationToken = default) =>
        (await TranslateAsync([text], from, to, options, cancellationToken: cancellationToken))[0];

    /// <summary>Translates texts. A text without a letter (empty, numbers, signs) is its own translation.</summary>
    /// <param name="texts">The texts; what has several sentences or lines is translated in parts and put together again.</param>
    /// <param name="from">Code of the texts' language.</param>
    /// <param name="to">Code of the language to translate into.</param>
    /// <param name="options">How; the defaults where null.</param>
    /// <param name="firstNumber">What messages call the first text: its line in the user's file.</param>
    /// <param name="progress">Told of the share of the texts that is done, up to 1, by the thread that computes; may be null.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <returns>The translations, in the order of the texts.</returns>
    /// <exception cref="LlamaxException">An unknown language, or an option out of range.</exception>
    public async Task<IReadOnlyList<TranslatedText>> TranslateAsync(
        IReadOnlyList<string> texts, string from, string to, TranslationOptions? options = null, long firstNumber = 1,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new TranslationOptions();
        options.Validate();
        var languages = Path(from, to, options.Via);
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Run(texts, languages, options, firstNumber, progress, cancellationToken), cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Translates texts as they come; the translations come in the same order. Texts are computed together while the next one
    /// is at hand; who gives one and waits gets its translation. About <paramref name="chunk"/> are read ahead.
    /// </summary>
    /// <param name="texts">The texts; read on a thread of the pool.</param>
    /// <param name="from">Code of the texts' language.</param>
    /// <param name="to">Code of the language to translate into.</param>
    /// <param name="options">How; the defaults where null.</param>
    /// <param name="chunk">Texts that are computed together at most: more is faster, less is sooner.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <exception cref="LlamaxException">An unknown language, or an option out of range.</exception>
    public async IAsyncEnumerable<TranslatedText> StreamAsync(
        IAsyncEnumerable<string> texts, string from, string to, TranslationOptions? options = null, int chunk = StreamChunk,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 1);
        var number = 1L;
        await foreach (var group in TextStream.GroupAsync(texts, chunk, cancellationToken))
        {
            foreach (var result in await TranslateAsync(group, from, to, options, number, cancellationToken: cancellationToken))
            {
                yield return result;
            }

            number += group.Count;
        }
    }

    /// <summary>Checks language codes as <see cref="TranslateAsync(IReadOnlyList{string}, string, string, TranslationOptions?, long, IProgress{double}?, CancellationToken)"/> does, without translating.</summary>
    /// <param name="from">Code of the texts' language.</param>
    /// <param name="to">Code of the language to translate into.</param>
    /// <param name="via">Code of a language to go through, or null.</param>
    /// <exception cref="LlamaxException">A code is unknown, or two are the same language.</exception>
    public static void CheckLanguages(string from, string to, string? via) => Path(from, to, via);

    /// <inheritdoc/>
    public void Dispose()
    {
        turn.Dispose();
        model.Dispose();
    }

    private IReadOnlyList<TranslatedText> Run(
        IReadOnlyList<string> texts, Language[] languages, TranslationOptions options, long firstNumber, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        if (languages is not [var source, var pivot, var target])
        {
            return new TranslationStep(model, languages[0], languages[1], options).Run(texts, firstNumber, progress is null ? null : progress.Report, cancellationToken);
        }

        var first = options with { Generation = options.Generation with { Hypotheses = 1 } };
        var between = new TranslationStep(model, source, pivot, first).Run(texts, firstNumber, share => progress?.Report(share / 2), cancellationToken);
        var final = new TranslationStep(model, pivot, target, options)
            .Run([.. between.Select(text => text.Text)], firstNumber, share => progress?.Report((1 + share) / 2), cancellationToken);
        return [.. final.Zip(between, (result, before) => result with
        {
            Source = before.Source,
            Pivot = result.Source,
            Events = [.. before.Events.Select(each => each with { Detail = $"into {pivot.Code}: {each.Detail}" }), .. result.Events],
        })];
    }

    private static Language[] Path(string from, string to, string? via)
    {
        string[] codes = via is null ? [from, to] : [from, via, to];
        Language[] languages = [.. codes.Select(LanguageRegistry.Default.Get)];
        for (var i = 1; i < languages.Length; i++)
        {
            if (languages[i].Code == languages[i - 1].Code)
            {
                throw new LlamaxException($"'{codes[i - 1]}' and '{codes[i]}' are the same language, {languages[i].Name}: there is nothing to translate.");
            }
        }

        return languages;
    }
}
