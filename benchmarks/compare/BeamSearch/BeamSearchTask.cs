using System.Text;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;

namespace Llamax.Benchmarks.Compare;

/// <summary>Prompts that ask for translations of FLORES from English, each with the number of tokens of its German reference.</summary>
/// <param name="Prompts">The prompts; <see cref="Prompt.MaxNewTokens"/> is the length of the reference.</param>
internal sealed record BeamSearchTask(IReadOnlyList<Prompt> Prompts)
{
    /// <summary>Tokens that all texts have together.</summary>
    public int NewTokens => Prompts.Sum(prompt => prompt.MaxNewTokens!.Value);

    /// <summary>The file that is not there, or null.</summary>
    public static string? Missing(string shared) => Array.Find([Archive(shared), Model(shared)], file => !File.Exists(file));

    /// <summary>So many lines, from the first on and then again from the first on.</summary>
    public static BeamSearchTask Create(string shared, int count)
    {
        var tokenizer = TokenizerFolder.Load(Model(shared));
        var template = PromptTemplate.Find("alpaca");
        var (sources, references) = (Lines("eng"), Lines("deu"));
        return new BeamSearchTask([.. Enumerable.Range(0, count).Select(i => new Prompt(
            PromptEncoder.EncodeTranslation(template, "English", "German", sources[i % sources.Count], tokenizer))
        {
            MaxNewTokens = Length(references[i % sources.Count]),
        })]);

        List<string> Lines(string code) => TokenizationTexts.Flores(Archive(shared), $"/{code}.dev").ConvertAll(Encoding.UTF8.GetString);

        int Length(string text)
        {
            var ids = new List<int>();
            tokenizer.Encode(text, ids, SpecialTokens.Text);
            return ids.Count;
        }
    }

    private static string Archive(string shared) => Path.Combine(shared, "data", "flores", "flores101_dev_devtest.tar.gz");

    private static string Model(string shared) => Path.Combine(shared, "data", "tokenizers", "llama2_tokenizer.model");
}
