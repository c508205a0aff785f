using System.Text;
using Llamax.Models;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using TorchSharp;

namespace Llamax.Translation.Translating;

/// <summary>Translates texts with a model that follows translation prompts. Thread-safe; one call computes at a time.</summary>
public sealed class Translator : IDisposable
{
    private readonly CausalLanguageModel model;
    private readonly Tokenizer tokenizer;
    private readonly PromptTemplate template;
    private readonly BeamSearch search;
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>A translator over a loaded model.</summary>
    /// <param name="model">The model; it is disposed of with the translator.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="template">How prompts are worded; <c>alpaca</c> where null.</param>
    /// <param name="endIds">Tokens that end a text; the model's own where null.</param>
    /// <exception cref="LlamaxException">The tokenizer does not fit the model.</exception>
    public Translator(
        CausalLanguageModel model, Tokenizer tokenizer, PromptTemplate? template = null, IReadOnlyCollection<int>? endIds = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ModelFolder.CheckTokenizer(model.Config, tokenizer);
        (this.model, this.tokenizer) = (model, tokenizer);
        this.template = template ?? PromptTemplate.Find(PromptTemplate.DefaultName);
        search = new BeamSearch(model, endIds);
    }

    /// <summary>Loads a translator from a model folder.</summary>
    /// <param name="folder">A Hugging Face folder with its tokenizer.</param>
    /// <param name="template">How prompts are worded; <c>alpaca</c> where null.</param>
    /// <param name="type">Number type to compute in; float32 where null.</param>
    /// <param name="device">Where to compute; the CPU where null.</param>
    /// <param name="note">Receives what the user should know about the choice of the tokenizer.</param>
    /// <exception cref="LlamaxException">A file is missing or broken, or the tokenizer does not fit the model.</exception>
    public static Translator Load(
        string folder, PromptTemplate? template = null, torch.ScalarType? type = null, torch.Device? device = null, Action<string>? note = null)
    {
        // What is small comes first: a mistake shows before gigabytes are read.
        var config = ConfigFile.Read(folder);
        var pieces = TokenizerFolder.Load(folder, note);
        ModelFolder.CheckTokenizer(config, pieces);
        var endIds = EndTokens.Read(folder, config);
        return new Translator(ModelFolder.Load(folder, type ?? torch.ScalarType.Float32, device), pieces, template, endIds);
    }

    /// <summary>Translates texts. A text without a letter (empty, numbers, signs) is its own translation.</summary>
    /// <param name="texts">The texts, normally a sentence each.</param>
    /// <param name="from">Code of the texts' language.</param>
    /// <param name="to">Code of the language to translate into.</param>
    /// <param name="options">How to search; the defaults where null.</param>
    /// <param name="via">Code of a language to go through, or null.</param>
    /// <param name="firstNumber">What messages call the first text: its line in the user's file.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <returns>The translations, in the order of the texts.</returns>
    /// <exception cref="LlamaxException">An unknown language, an option out of range, a text too long for the model.</exception>
    public async Task<IReadOnlyList<TranslatedText>> TranslateAsync(
        IReadOnlyList<string> texts, string from, string to, GenerationOptions? options = null, string? via = null,
        long firstNumber = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var languages = Path(from, to, via);
        options ??= new GenerationOptions();
        options.Validate();
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    if (languages is not [var source, var pivot, var target])
                    {
                        return Step(texts, languages[0], languages[1], options, firstNumber, cancellationToken);
                    }

                    var between = Step(texts, source, pivot, options with { Hypotheses = 1 }, firstNumber, cancellationToken);
                    string[] pivots = [.. between.Select(text => text.Text)];
                    var final = Step(pivots, pivot, target, options, firstNumber, cancellationToken);
                    return [.. final.Zip(texts, (result, text) => result with { Source = text, Pivot = result.Source })];
                },
                cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Checks language codes as <see cref="TranslateAsync"/> does, without translating.</summary>
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

    private List<TranslatedText> Step(
        IReadOnlyList<string> texts, Language from, Language to, GenerationOptions options, long firstNumber, CancellationToken cancellationToken)
    {
        var (prompts, numbers) = (new List<int[]>(), new List<int>());
        for (var i = 0; i < texts.Count; i++)
        {
            if (HasLetter(texts[i]))
            {
                prompts.Add(PromptEncoder.EncodeTranslation(template, from.PromptName, to.PromptName, texts[i], tokenizer));
                numbers.Add(i);
                if (prompts[^1].Length >= model.Config.MaxPositions)
                {
                    throw new LlamaxException(
                        $"Line {firstNumber + i} has {prompts[^1].Length:N0} tokens with its prompt, and the model has room for {model.Config.MaxPositions:N0} "
                        + "with the translation: split the line into sentences.");
                }
            }
        }

        List<TranslatedText> results = [.. texts.Select(text => new TranslatedText(text, null, [new TranslationHypothesis(text, 0, 0, true)]))];
        var found = search.Generate(prompts, options, cancellationToken);
        for (var i = 0; i < found.Count; i++)
        {
            results[numbers[i]] = results[numbers[i]] with { Hypotheses = [.. found[i].Select(Read)] };
        }

        return results;
    }

    private TranslationHypothesis Read(Hypothesis hypothesis) => new(
        hypothesis.DecodeLine(tokenizer), hypothesis.Score, hypothesis.Ids.Count + (hypothesis.EndId is null ? 0 : 1), hypothesis.EndId is not null);

    private static bool HasLetter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                return true;
            }
        }

        return false;
    }
}
