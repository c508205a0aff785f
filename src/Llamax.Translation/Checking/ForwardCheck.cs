using Llamax.Models;
using Llamax.Models.Attention;
using static TorchSharp.torch;

namespace Llamax.Translation.Checking;

/// <summary>Compares what a network computes for one batch with the reference's tensors.</summary>
/// <param name="name">The case.</param>
/// <param name="input">The batch.</param>
/// <param name="references">The reference's tensors.</param>
/// <param name="device">Where the network lives.</param>
/// <param name="type">Number type that it computes in.</param>
internal sealed class ForwardCheck(string name, ExpectedFile.ForwardCase input, ReferenceTensors references, Device device, ScalarType type)
{
    private const long Ignored = ExpectedFile.ForwardCase.Ignored;

    private readonly List<CheckResult> results = [];

    /// <summary>A causal language model.</summary>
    public List<CheckResult> Run(CausalLanguageModel model)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var mask = Mask();
        using var attention = new MaskedAttention(mask);
        var positions = input.PositionIds is { } ids ? Matrix(ids) : (mask.cumsum(-1) - 1).clamp_min(0);
        var states = new List<Tensor>();
        var hidden = model.Hidden(Matrix(input.InputIds), positions, attention, state => states.Add(state.MoveToOuterDisposeScope()));
        var logits = model.Logits(hidden);
        Compare("logits", logits, mask);
        Compare("hidden_states", states, mask);
        if (input.Labels is { } labels)
        {
            var length = logits.shape[1] - 1;
            CompareLoss(logits.narrow(1, 0, length), Matrix(labels).narrow(1, 1, length));
        }

        return results;
    }

    /// <summary>An encoder.</summary>
    public List<CheckResult> Run(EncoderModel model)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var mask = Mask();
        var states = new List<Tensor>();
        var hidden = model.Hidden(Matrix(input.InputIds), mask, state => states.Add(state.MoveToOuterDisposeScope()));
        Compare("hidden_states", states, mask);
        Compare("last_hidden_state", hidden, mask);
        if (model.Config.Pooler)
        {
            Compare("pooler_output", model.Pool(hidden), ones([hidden.shape[0]], device: device));
        }

        return results;
    }

    /// <summary>An encoder-decoder model.</summary>
    public List<CheckResult> Run(SequenceToSequenceModel model)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var mask = Mask();
        var states = new List<Tensor>();
        var source = model.Encoder.Hidden(Matrix(input.InputIds), mask, state => states.Add(state.MoveToOuterDisposeScope()));
        Compare("encoder_hidden_states", states, mask);
        Compare("encoder_last_hidden_state", source, mask);
        if (input.DecoderInputIds is not { } decoderIds)
        {
            return results;
        }

        states.Clear();
        var attention = new EncoderDecoderAttention(new CausalAttention(), model.Decoder.CrossKeyValues(source), mask);
        var positions = arange(decoderIds[0].Length, device: device).unsqueeze(0);
        var hidden = model.Decoder.Hidden(Matrix(decoderIds), positions, attention, state => states.Add(state.MoveToOuterDisposeScope()));
        var logits = model.Decoder.Logits(hidden);

        // A token that has no label is padding, which the reference gives no position.
        var written = input.Labels is { } known ? Matrix(known).ne(Ignored) : ones([hidden.shape[0], hidden.shape[1]], device: device);
        Compare("decoder_hidden_states", states, written);
        Compare("logits", logits, written);
        if (input.Labels is { } labels)
        {
            CompareLoss(logits, Matrix(labels));
        }

        return results;
    }

    private void CompareLoss(Tensor logits, Tensor labels)
    {
        if (input.Loss is { } loss)
        {
            var found = nn.functional.cross_entropy(logits.to(ScalarType.Float32).flatten(0, 1), labels.flatten()).item<float>();
            Judge("loss", Math.Abs(found - loss), Math.Abs(loss));
        }
    }

    private void Compare(string what, List<Tensor> found, Tensor mask)
    {
        for (var i = 0; i < found.Count && references.HasAny(name, what); i++)
        {
            Compare($"{what}.{i}", found[i], mask);
        }
    }

    /// <param name="what">The tensor's name behind the case's.</param>
    /// <param name="found">What was computed.</param>
    /// <param name="mask">Zero where it is of no use; the first dimensions of <paramref name="found"/>.</param>
    private void Compare(string what, Tensor found, Tensor mask)
    {
        if (references.Find(name, what) is not { } entry)
        {
            return;
        }

        if (!entry.Shape.SequenceEqual(found.shape))
        {
            results.Add(new CheckResult($"forward.{name}.{what}", false, null,
                $"expected shape [{string.Join(", ", entry.Shape)}], found [{string.Join(", ", found.shape)}]"));
            return;
        }

        using var scope = NewDisposeScope();
        var reference = references.Read(entry).to(device);
        Judge(what, Largest(found.to(ScalarType.Float32) - reference), Largest(reference));

        double Largest(Tensor values) => values.abs().amax([-1]).masked_fill(mask.eq(0), 0).max().item<float>();
    }

    private void Judge(string what, double difference, double reference)
    {
        var most = ModelCheck.Tolerance(type) * (type == ScalarType.Float32 ? 1 : Math.Max(1, reference));
        var isNear = difference <= most; // Not a number is not.
        results.Add(new CheckResult($"forward.{name}.{what}", isNear, difference, isNear ? "" : $"more than {most:G3} from the reference"));
    }

    private Tensor Mask() => Matrix(input.AttentionMask ?? [.. input.InputIds.Select(row => Enumerable.Repeat(1L, row.Length).ToArray())]);

    private Tensor Matrix(long[][] values) =>
        tensor(values.SelectMany(row => row).ToArray(), [values.Length, values[0].Length]).to(device);
}
