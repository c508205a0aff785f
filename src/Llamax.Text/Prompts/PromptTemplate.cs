using System.Reflection;
using Llamax.Text.Files;

namespace Llamax.Text.Prompts;

/// <summary>
/// How an instruction, or a text to translate, is put before a model. Templates are text files: comment lines that start
/// with <c>#</c>, then up to three sections, each under a line of its own: <c>=== instruction</c>,
/// <c>=== instruction and input</c> and, where translating is asked for in other words than any other task,
/// <c>=== translation</c>. Placeholders: <c>{instruction}</c>, <c>{input}</c>, <c>{source}</c> and <c>{target}</c> (names
/// of languages, in <c>translation</c> only), <c>{source_code}</c> and <c>{target_code}</c> (their codes in MADLAD-400,
/// likewise), and <c>{response}</c>, which ends each section and says where the model's
/// answer begins. The newline before a section line belongs to the file, not to the prompt.
/// </summary>
public sealed class PromptTemplate
{
    /// <summary>The template that LLaMAX was tuned and evaluated with.</summary>
    public const string DefaultName = "alpaca";

    /// <summary>The instruction that asks for a translation, with the registry's prompt names of the languages.</summary>
    public const string TranslationInstruction = "Translate the following sentences from {source} to {target}.";

    private const string ResourcePrefix = "Llamax.Text.Prompts.Templates.";
    private const string Extension = ".prompt";

    private readonly PromptSection plain;
    private readonly PromptSection withInput;
    private readonly PromptSection? translation;

    private PromptTemplate(string name, PromptSection plain, PromptSection withInput, PromptSection? translation)
    {
        Name = name;
        this.plain = plain;
        this.withInput = withInput;
        this.translation = translation;
    }

    /// <summary>The names of the templates that come with Llamax, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(PromptTemplate).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(name => name[ResourcePrefix.Length..^Extension.Length])
            .Order(StringComparer.Ordinal)];

    /// <summary>The template's name, or the file that it was read from.</summary>
    public string Name { get; }

    /// <summary>Finds a template by its name, or reads one from a file.</summary>
    /// <param name="nameOrFile">One of <see cref="Names"/>, or the path of a template file.</param>
    /// <exception cref="LlamaxException">Neither such a name nor such a file, or the file is no template.</exception>
    public static PromptTemplate Find(string nameOrFile)
    {
        if (Names.Contains(nameOrFile, StringComparer.Ordinal))
        {
            using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourcePrefix + nameOrFile + Extension)!;
            using var reader = new StreamReader(resource);
            return Parse(reader.ReadToEnd(), nameOrFile);
        }

        if (!File.Exists(nameOrFile))
        {
            throw new LlamaxException(
                $"Prompt template '{nameOrFile}' is neither a known name ({string.Join(", ", Names)}) nor a file.");
        }

        if (FileStamp.Of(nameOrFile).Length > 1 << 20)
        {
            throw new LlamaxException($"{nameOrFile}: a prompt template has at most 1 MiB; this file is no template.");
        }

        return Parse(File.ReadAllText(nameOrFile), nameOrFile);
    }

    /// <summary>Reads a template from its text.</summary>
    /// <param name="text">The content of a template file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="LlamaxException">It is no template; the message names the line.</exception>
    public static PromptTemplate Parse(string text, string name)
    {
        var sections = PromptSection.ReadAll(text, name);
        return new PromptTemplate(
            name,
            sections.GetValueOrDefault(PromptSection.Plain) ?? throw Missing(PromptSection.Plain),
            sections.GetValueOrDefault(PromptSection.WithInput) ?? throw Missing(PromptSection.WithInput),
            sections.GetValueOrDefault(PromptSection.Translation));

        LlamaxException Missing(string section) => new($"{name}: the section `=== {section}` is missing.");
    }

    /// <summary>Whether translations are asked for with codes of languages.</summary>
    public bool NamesCodes => translation?.NamesCodes ?? false;

    /// <summary>The prompt of a task, up to where the response begins.</summary>
    /// <param name="instruction">What to do.</param>
    /// <param name="input">What to do it with; empty where the instruction says everything.</param>
    public string Render(string instruction, string input) => Word(instruction, input).Text;

    /// <summary>The prompt that asks for a translation, up to where the response begins.</summary>
    /// <param name="source">Prompt name of the language of <paramref name="text"/>, for example <c>English</c>.</param>
    /// <param name="target">Prompt name of the language to translate into.</param>
    /// <param name="text">The text to translate.</param>
    /// <param name="sourceCode">Code of the language of <paramref name="text"/>, for templates that name codes.</param>
    /// <param name="targetCode">Code of the language to translate into.</param>
    public string RenderTranslation(string source, string target, string text, string sourceCode = "", string targetCode = "") =>
        WordTranslation(source, target, text, sourceCode, targetCode).Text;

    /// <summary><see cref="TranslationInstruction"/> with the names in their places.</summary>
    /// <param name="source">Prompt name of the language to translate from.</param>
    /// <param name="target">Prompt name of the language to translate into.</param>
    public static string InstructionFor(string source, string target) =>
        TranslationInstruction.Replace("{source}", source, StringComparison.Ordinal).Replace("{target}", target, StringComparison.Ordinal);

    internal WordedPrompt Word(string instruction, string input) =>
        (input.Length == 0 ? plain : withInput).Word(instruction, input);

    internal WordedPrompt WordTranslation(string source, string target, string text, string sourceCode = "", string targetCode = "") =>
        translation?.Word("", text, source, target, sourceCode, targetCode) ?? Word(InstructionFor(source, target), text);
}
