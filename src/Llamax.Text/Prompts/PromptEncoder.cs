using System.Runtime.InteropServices;
using Llamax.Text.Languages;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Prompts;

/// <summary>
/// Makes ids of prompts, for instruction tuning and for generation alike, so that a model meets in use exactly what it was
/// tuned on. A prompt is what the tokenizer's frame has before a text (BOS, once) and the ids of the prompt's text, encoded
/// by itself; special tokens in it are those that the template names, never those that the filled-in text names. A training example is the prompt, the ids of the response, encoded by itself, and EOS; its loss counts from the first
/// id after the prompt.
/// </summary>
public static class PromptEncoder
{
    /// <summary>The ids of a task's prompt.</summary>
    /// <param name="template">How the prompt is worded.</param>
    /// <param name="instruction">What to do.</param>
    /// <param name="input">What to do it with; may be empty.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public static int[] Encode(PromptTemplate template, string instruction, string input, Tokenizer tokenizer) =>
        Encode(template.Word(instruction, input), tokenizer);

    /// <summary>The ids of the prompt that asks for a translation.</summary>
    /// <param name="template">How the prompt is worded.</param>
    /// <param name="source">Prompt name of the language of <paramref name="text"/>.</param>
    /// <param name="target">Prompt name of the language to translate into.</param>
    /// <param name="text">The text to translate.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public static int[] EncodeTranslation(
        PromptTemplate template, string source, string target, string text, Tokenizer tokenizer) =>
        Encode(template.WordTranslation(source, target, text), tokenizer);

    /// <summary>The ids of the prompt that asks for a translation.</summary>
    /// <param name="template">How the prompt is worded.</param>
    /// <param name="source">The language of <paramref name="text"/>.</param>
    /// <param name="target">The language to translate into.</param>
    /// <param name="text">The text to translate.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="LlamaxException">The template names codes of MADLAD-400, and it has none for a language.</exception>
    public static int[] EncodeTranslation(PromptTemplate template, Language source, Language target, string text, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(template);
        return Encode(template.WordTranslation(source.PromptName, target.PromptName, text, Code(source), Code(target)), tokenizer);

        string Code(Language language) => !template.NamesCodes ? "" : language.Madlad ?? throw new LlamaxException(
            $"The template {template.Name} names languages by their codes in MADLAD-400, which has none for {language.Name} ({language.Code}).");
    }

    /// <summary>The ids of a prompt that is already worded by somebody who may name special tokens in it.</summary>
    /// <param name="prompt">The whole prompt.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public static int[] EncodeText(string prompt, Tokenizer tokenizer) =>
        Encode(new WordedPrompt(prompt, [(0, prompt.Length)]), tokenizer);

    /// <summary>A prompt and its answer as one training example.</summary>
    /// <param name="prompt">The prompt's ids, from one of the methods above.</param>
    /// <param name="response">The answer.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <returns>The prompt's ids, the response's ids and EOS; the loss counts from <c>prompt.Length</c>.</returns>
    public static int[] Complete(ReadOnlySpan<int> prompt, string response, Tokenizer tokenizer)
    {
        var ids = new List<int>(prompt.Length + (response.Length / 2));
        CollectionsMarshal.SetCount(ids, prompt.Length);
        prompt.CopyTo(CollectionsMarshal.AsSpan(ids));
        tokenizer.Encode(response, ids, SpecialTokens.Text);
        if (tokenizer.EosId is { } eos)
        {
            ids.Add(eos);
        }

        return [.. ids];
    }

    private static int[] Encode(WordedPrompt prompt, Tokenizer tokenizer)
    {
        var ids = new List<int>();
        var places = prompt.Places(tokenizer.SpecialNames).ToArray();
        var from = 0;
        if (places.Any(place => place.OfTemplate))
        {
            // Only where the template and the filled-in text both name special tokens is the text cut at the latter's.
            foreach (var (start, end, _) in places.Where(place => !place.OfTemplate))
            {
                tokenizer.Encode(prompt.Text.AsSpan(from, start - from), ids);
                tokenizer.Encode(prompt.Text.AsSpan(start, end - start), ids, SpecialTokens.Text);
                from = end;
            }

            tokenizer.Encode(prompt.Text.AsSpan(from), ids);
        }
        else
        {
            tokenizer.Encode(prompt.Text, ids, SpecialTokens.Text);
        }

        var prefix = tokenizer.Frame().Prefix;
        return ids.Take(prefix.Count).SequenceEqual(prefix) ? [.. ids] : [.. prefix, .. ids];
    }
}
