using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>
/// Keys and values of the sentences of a search that run side by side. A sentence's prompt is kept once, whatever the
/// number of its beams; what all prompts begin with is kept once for all sentences; sentences enter and leave while others
/// run. Each call of the model is announced by one of <see cref="ReadPrefix"/>, <see cref="Enter"/> and <see cref="Advance"/>.
/// </summary>
public abstract class BeamCache : AttentionContext, IDisposable
{
    /// <summary>An empty cache of the kind that suits the device and number type.</summary>
    /// <param name="layers">The decoder's layers.</param>
    /// <param name="keyValueHeads">Key and value heads of a layer.</param>
    /// <param name="headSize">Width of a head.</param>
    /// <param name="beams">Beams of a sentence, at most 256.</param>
    /// <param name="type">The model's number type.</param>
    /// <param name="device">Where the model lives.</param>
    public static BeamCache Create(int layers, int keyValueHeads, int headSize, int beams, ScalarType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return type == ScalarType.Float32 && device.type == DeviceType.CPU
            ? new PagedBeamCache(layers, keyValueHeads, headSize, beams)
            : new TensorBeamCache(layers, beams);
    }

    /// <summary>Memory that keys and values take now, in bytes; room that waits for use again is not counted.</summary>
    public abstract long Bytes { get; }

    /// <summary>Whether each prompt takes the room of the longest.</summary>
    public abstract bool PadsPrompts { get; }

    /// <summary>The next call reads, as <c>[1, length]</c>, what all prompts begin with. Before any sentence enters.</summary>
    public abstract void ReadPrefix();

    /// <summary>
    /// The next call reads the prompts of new sentences after the common prefix, one after the other without padding, as
    /// <c>[1, total length]</c>. They take the places behind those that run.
    /// </summary>
    /// <param name="lengths">Tokens of each.</param>
    /// <param name="encoded">What an encoder gave for each; null where the model has none. Read at once, they stay the caller's.</param>
    public abstract void Enter(ReadOnlySpan<int> lengths, IReadOnlyList<EncodedSource>? encoded = null);

    /// <summary>Sentences leave; the places of the others close up.</summary>
    /// <param name="kept">The places of those that stay, ascending.</param>
    public abstract void Leave(ReadOnlySpan<int> kept);

    /// <summary>The next call reads one token of each beam of each sentence, as <c>[sentences · beams, 1]</c>.</summary>
    /// <param name="parents">For each beam, the beam of its sentence that it continues, <c>[sentences, beams]</c>.</param>
    public abstract void Advance(ReadOnlySpan<int> parents);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
