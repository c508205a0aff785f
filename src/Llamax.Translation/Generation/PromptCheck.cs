using Llamax.Models;

namespace Llamax.Translation.Generation;

/// <summary>What a prompt must be before a model reads it.</summary>
internal static class PromptCheck
{
    /// <summary>Throws where the model cannot go on from a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="number">The prompt's number for messages, from 1.</param>
    /// <param name="config">The model's shape.</param>
    /// <exception cref="LlamaxException">It is empty, leaves no room, or has unknown tokens.</exception>
    public static void Check(Prompt prompt, int number, DecoderConfig config)
    {
        var (room, vocabulary) = (config.MaxPositions, config.VocabularySize);
        if (prompt.Ids.Count == 0)
        {
            throw new LlamaxException($"Prompt {number} has no tokens: a model needs at least BOS to start from.");
        }

        if (prompt.Ids.Count >= room)
        {
            throw new LlamaxException(
                $"Prompt {number} has {prompt.Ids.Count:N0} tokens, and the model has room for {room:N0} with what it writes: shorten or split the text.");
        }

        if (prompt.Ids.Append(prompt.ForcedFirst ?? 0).Any(id => id < 0 || id >= vocabulary))
        {
            throw new LlamaxException($"Prompt {number} has a token outside the model's vocabulary of {vocabulary:N0}: the tokenizer is not the model's.");
        }

        if (prompt.MaxNewTokens is < 1)
        {
            throw new LlamaxException($"Prompt {number} leaves {prompt.MaxNewTokens} tokens to be written: at least 1 is needed.");
        }
    }
}
