using Llamax.Models;

namespace Llamax.Translation.Generation;

/// <summary>What a prompt must be before a model reads it.</summary>
internal static class PromptCheck
{
    /// <summary>Throws where the model cannot go on from a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="encoder">The shape of the encoder that reads the source; null where the model has none.</param>
    /// <exception cref="LlamaxException">It is empty, leaves no room, or has unknown tokens.</exception>
    public static void Check(Prompt prompt, string name, DecoderConfig config, EncoderConfig? encoder = null)
    {
        var (room, vocabulary) = (config.MaxPositions, config.VocabularySize);
        if (prompt.Ids.Count == 0)
        {
            throw new LlamaxException($"{name} has no tokens: a model needs at least BOS to start from.");
        }

        if (prompt.Ids.Count >= room)
        {
            throw new LlamaxException(
                $"{name} has {prompt.Ids.Count:N0} tokens, and the model has room for {room:N0} with what it writes: shorten or split the text.");
        }

        if (prompt.Ids.Append(prompt.ForcedFirst ?? 0).Any(id => id < 0 || id >= vocabulary))
        {
            throw new LlamaxException($"{name} has a token outside the model's vocabulary of {vocabulary:N0}: the tokenizer is not the model's.");
        }

        if (prompt.MaxNewTokens is < 1)
        {
            throw new LlamaxException($"{name} leaves {prompt.MaxNewTokens} tokens to be written: at least 1 is needed.");
        }

        if (encoder is not null)
        {
            CheckSource(prompt.Source ?? [], name, encoder);
        }
    }

    private static void CheckSource(IReadOnlyList<int> source, string name, EncoderConfig encoder)
    {
        if (source.Count == 0)
        {
            throw new LlamaxException($"{name} has no source for the encoder to read: an encoder-decoder model needs one.");
        }

        if (source.Count > encoder.MaxPositions)
        {
            throw new LlamaxException($"{name} has {source.Count:N0} tokens to read, and the model reads at most {encoder.MaxPositions:N0}: shorten or split the text.");
        }

        if (source.Any(id => id < 0 || id >= encoder.VocabularySize))
        {
            throw new LlamaxException($"{name} has a token outside the model's vocabulary of {encoder.VocabularySize:N0}: the tokenizer is not the model's.");
        }
    }
}
