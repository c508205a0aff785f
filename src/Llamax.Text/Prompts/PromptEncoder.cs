using System.Runtime.InteropServices;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Prompts;

/// <summary>
/// Makes ids of prompts, for instruction tuning and for generation alike, so that a model meets in use exactly what it was
/// tuned on. A prompt is BOS (once, where the tokenizer has one) and the ids of the prompt's text, encoded by itself. A
/// training example is the prompt, the ids of the response, encoded by itself, and EOS; its loss counts from the first
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
        EncodeText(template.Render(instruction, input), tokenizer);

    /// <summary>The ids of the prompt that asks for a translation.</summary>
    /// <param name="template">How the prompt is worded.</param>
    /// <param name="source">Prompt name of the language of <paramref name="text"/>.</param>
    /// <param name="target">Prompt name of the language to translate into.</param>
    /// <param name="text">The text to translate.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public static int[] EncodeTranslation(
        PromptTemplate template, string source, string target, string text, Tokenizer tokenizer) =>
        EncodeText(template.RenderTranslation(source, target, text), tokenizer);

    /// <summary>The ids of a prompt that is already worded: BOS, once, and the text.</summary>
    /// <param name="prompt">The whole prompt.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public static int[] EncodeText(string prompt, Tokenizer tokenizer)
    {
        var ids = new List<int>();
        tokenizer.Encode(prompt, ids);
        if (tokenizer.BosId is { } bos && (ids.Count == 0 || ids[0] != bos))
        {
            ids.Insert(0, bos);
        }

        return [.. ids];
    }

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
        tokenizer.Encode(response, ids);
        if (tokenizer.EosId is { } eos)
        {
            ids.Add(eos);
        }

        return [.. ids];
    }
}
