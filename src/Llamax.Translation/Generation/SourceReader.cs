using Llamax.Models;
using Llamax.Models.Attention;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>The encoder's side of a search over an encoder-decoder model.</summary>
internal static class SourceReader
{
    /// <summary>Sources are read side by side down to this part of the longest one's length.</summary>
    private const int LeastShare = 2;

    /// <summary>Reads the sources, those of similar length side by side.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">Checked prompts.</param>
    /// <returns>What the decoder attends to, to be disposed of by the caller.</returns>
    public static EncodedSource[] Read(SequenceToSequenceModel model, IReadOnlyList<Prompt> prompts)
    {
        var encoded = new EncodedSource?[prompts.Count];
        var group = new List<int>();
        try
        {
            foreach (var i in Enumerable.Range(0, prompts.Count).OrderByDescending(i => prompts[i].Source!.Count))
            {
                if (group.Count > 0 && prompts[i].Source!.Count * LeastShare < prompts[group[0]].Source!.Count)
                {
                    Read(model, prompts, group, encoded);
                    group.Clear();
                }

                group.Add(i);
            }

            Read(model, prompts, group, encoded);
            return encoded!;
        }
        catch
        {
            foreach (var source in encoded)
            {
                source?.Dispose();
            }

            throw;
        }
    }

    /// <summary>Reads sources side by side, padded on the right, and cuts the padding from what the decoder attends to.</summary>
    private static void Read(SequenceToSequenceModel model, IReadOnlyList<Prompt> prompts, List<int> group, EncodedSource?[] encoded)
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
            var (keys, values) = (Own(layers.Select(layer => layer.Keys), i, length), Own(layers.Select(layer => layer.Values), i, length));
            encoded[group[i]] = new EncodedSource([.. keys.Select(each => each.DetachFromDisposeScope())], [.. values.Select(each => each.DetachFromDisposeScope())]);
        }
    }

    /// <summary>Copies that are the scope's until all are made.</summary>
    private static List<Tensor> Own(IEnumerable<Tensor> all, int item, int length) => [.. all.Select(each => each[item].narrow(1, 0, length).contiguous().clone())];
}
