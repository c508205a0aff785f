using System.Security.Cryptography;
using System.Text;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Units;
using Llamax.Models;
using Llamax.Recipes.Schema;
using Llamax.Text.Prompts;
using Llamax.Translation.Generation;
using Llamax.Translation.Translating;

namespace Llamax.Recipes.Stages;

/// <summary>The model that translates English text for pseudo-parallel data; loaded when the first sentence is to be translated.</summary>
/// <param name="context">The run.</param>
/// <param name="section">The recipe's section.</param>
/// <param name="note">Receives what the user should know of the model.</param>
internal sealed class PseudoTranslator(RunContext context, PseudoSection section, Action<string> note) : IDisposable
{
    private const string Folder = "translations";

    /// <summary>Stands for the template of a model that is told by tokens what to translate.</summary>
    private const string LanguageTokens = "language tokens";

    private Translator? translator;

    /// <summary>How the model translates.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(PseudoSection section) => SettingsText.Of(
        "data.pseudo_from", section with { Template = section.Template ?? ConfigFile.TemplateOf(section.Model) ?? LanguageTokens },
        nameof(PseudoSection.Text), nameof(PseudoSection.Model));

    /// <summary>The model's files.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Inputs(PseudoSection section) => ModelStamp.Files(section.Model)
        .OrderBy(file => file.Name, StringComparer.Ordinal)
        .Select(file => KeyValuePair.Create($"data.pseudo_from.model/{file.Name}", file.FullName));

    /// <summary>What the translations depend on beside the sentences.</summary>
    public static string Identity(PseudoSection section, FileHashes hashes) => string.Join(
        '\n', Settings(section).Concat(Inputs(section).Select(file => KeyValuePair.Create(file.Key, hashes.Of(file.Value) ?? ""))).Select(each => $"{each.Key} {each.Value}"));

    /// <summary>The English text.</summary>
    public static IReadOnlyList<WorkUnit> Texts(PseudoSection section, DataUnits units) =>
        units.Texts(new Dictionary<string, IReadOnlyList<CorpusFile>> { ["en"] = section.Text }, "data.pseudo_from.text");

    /// <summary>The source of the pairs.</summary>
    /// <param name="units">The recipe's files.</param>
    /// <param name="hashes">Hashes of files.</param>
    public PseudoSource Source(DataUnits units, FileHashes hashes)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Identity(section, hashes)));
        return new PseudoSource
        {
            Units = Texts(section, units),
            Languages = context.Recipe.Languages,
            Translate = Translate,
            Folder = Path.Combine(context.Folder, Folder, Convert.ToHexStringLower(hash)[..16]),
        };
    }

    public void Dispose() => translator?.Dispose();

    private IReadOnlyList<string> Translate(IReadOnlyList<string> sentences, string source, string target, CancellationToken cancellation)
    {
        if (translator is null)
        {
            context.PrepareComputing();
            translator = Translator.Load(section.Model, section.Template is { } template ? PromptTemplate.Find(template) : null, note: note);
        }

        var options = new TranslationOptions
        {
            Generation = new GenerationOptions { Beams = section.Beams, MaxNewTokens = section.MaxNewTokens, BatchTokens = section.BatchTokens },
        };
        return [.. translator.TranslateAsync(sentences, source, target, options, cancellationToken: cancellation).GetAwaiter().GetResult().Select(text => text.Text)];
    }
}
