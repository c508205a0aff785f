using Llamax.Models;
using Llamax.Models.Attention;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>Searches over encoder-decoder models.</summary>
public static class SequenceToSequenceSearch
{
    /// <summary>Sources are read side by side down to this part of the longest one's length.</summary>
    private const int LeastShare = 2;

    /// <summary>A search whose prompts name the encoder's ids in <see cref="Prompt.Source"/>, and what the decoder begins with.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="endIds">Tokens that end a text; the model's own where null.</param>
    /// <param name="budgetHalved">See <see cref="BeamSearch.BudgetHalved"/>.</param>
    public static BeamSearch Create(SequenceToSequenceModel model, IReadOnlyCollection<int>? endIds = null, Action<int>? budgetHalved = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new BeamSearch(model.Decoder, endIds) { Encode = prompts => Encode(model, prompts), BudgetHalved = budgetHalved };
    }

    /// <summary>Reads the sources, those of similar length side by side.</summary>
    private static EncodedSource[] Encode(SequenceToSequenceModel model, IReadOnlyList<Prompt> prompts)
    {
        var config = model.Config.Encoder;
        foreach (var source in prompts.Select(prompt => prompt.Source ?? []))
        {
            if (source.Count == 0 || source.Count > config.MaxPositions || source.Any(id => id < 0 || id >= config.VocabularySize))
            {
                throw new LlamaxException(
                    $"A text has {source.Count:N0} tokens to read; there must be 1 to {config.MaxPositions:N0}, all of the model's vocabulary of {config.VocabularySize:N0}.");
            }
        }

        var encoded = new EncodedSource[prompts.Count];
        var group = new List<int>();
        foreach (var i in Enumerable.Range(0, prompts.Count).OrderByDescending(i => prompts[i].Source!.Count))
        {
            if (group.Count > 0 && prompts[i].Source!.Count * LeastShare < prompts[group[0]].Source!.Count)
            {
                Encode(model, prompts, group, encoded);
                group.Clear();
            }

            group.Add(i);
        }

        Encode(model, prompts, group, encoded);
        return encoded;
    }

    /// <summary>Reads sources side by side, padded on the right, and cuts the padding from what the decoder attends to.</summary>
    private static void Encode(SequenceToSequenceModel model, IReadOnlyList<Prompt> prompts, List<int> group, EncodedSource[] encoded)
    {
        using var scope = NewDisposeScope();
        var longest = prompts[group[0]].Source!.Count;
        var (ids, mask) = (new long[group.Count * longest], new long[group.Count * longest]);
        for (var i = 0; i < group.Count; i++)
        {
            var source = prompts[group[i]].Source!;
            for (var j = 0; j < source.Count; j++)
            {
                (ids[(i * longest) + j], mask[(i * longest) + j]) = (source[j], 1);
            }
        }

        var device = model.Encoder.Device;
        var states = model.Encoder.Hidden(tensor(ids, [group.Count, longest]).to(device), tensor(mask, [group.Count, longest]).to(device));
        var layers = model.Decoder.CrossKeyValues(states);
        for (var i = 0; i < group.Count; i++)
        {
            var length = prompts[group[i]].Source!.Count;
            encoded[group[i]] = new EncodedSource(
                [.. layers.Select(layer => Own(layer.Keys, i, length))], [.. layers.Select(layer => Own(layer.Values, i, length))]);
        }
    }

    private static Tensor Own(Tensor all, int item, int length) => all[item].narrow(1, 0, length).contiguous().clone().DetachFromDisposeScope();
}
