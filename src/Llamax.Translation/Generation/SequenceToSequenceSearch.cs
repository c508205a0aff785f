using Llamax.Models;
using Llamax.Models.Attention;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>Searches over encoder-decoder models.</summary>
public static class SequenceToSequenceSearch
{
    /// <summary>A search whose prompts name the encoder's ids in <see cref="Prompt.Source"/>, and what the decoder begins with.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="endIds">Tokens that end a text; the model's own where null.</param>
    public static BeamSearch Create(SequenceToSequenceModel model, IReadOnlyCollection<int>? endIds = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new BeamSearch(model.Decoder, endIds) { Encode = prompts => Encode(model, prompts) };
    }

    /// <summary>Reads the sources side by side, padded on the right, and cuts the padding from what the decoder attends to.</summary>
    private static List<EncodedSource> Encode(SequenceToSequenceModel model, IReadOnlyList<Prompt> prompts)
    {
        var sources = prompts.Select((prompt, i) => prompt.Source is { Count: > 0 } source && source.Count <= model.Config.Encoder.MaxPositions
            && source.All(id => id >= 0 && id < model.Config.Encoder.VocabularySize)
            ? source
            : throw new LlamaxException(
                $"Prompt {i + 1} has {prompt.Source?.Count ?? 0:N0} tokens to read; there must be 1 to {model.Config.Encoder.MaxPositions:N0}, all of the model's vocabulary of {model.Config.Encoder.VocabularySize:N0}.")).ToList();
        using var scope = NewDisposeScope();
        var longest = sources.Max(source => source.Count);
        var (ids, mask) = (new long[sources.Count * longest], new long[sources.Count * longest]);
        for (var i = 0; i < sources.Count; i++)
        {
            for (var j = 0; j < sources[i].Count; j++)
            {
                (ids[(i * longest) + j], mask[(i * longest) + j]) = (sources[i][j], 1);
            }
        }

        var device = model.Encoder.Device;
        var states = model.Encoder.Hidden(tensor(ids, [sources.Count, longest]).to(device), tensor(mask, [sources.Count, longest]).to(device));
        var layers = model.Decoder.CrossKeyValues(states);
        return [.. sources.Select((source, i) => new EncodedSource(
            [.. layers.Select(layer => Own(layer.Keys, i, source.Count))], [.. layers.Select(layer => Own(layer.Values, i, source.Count))]))];
    }

    private static Tensor Own(Tensor all, int item, int length) => all[item].narrow(1, 0, length).contiguous().clone().DetachFromDisposeScope();
}
