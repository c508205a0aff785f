using Llamax.Models.Attention;
using Llamax.Models.Families;
using Llamax.Models.Layers;
using Llamax.Models.Native;
using Llamax.Text.Randomness;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models;

/// <summary>
/// The decoder of all causal language models and of the second half of encoder-decoder models: token ids in, hidden states
/// or logits out.
/// </summary>
public sealed class CausalLanguageModel : nn.Module
{
    private readonly StackNames names;
    private readonly TransformerStack stack;
    private readonly Parameter embedding;
    private readonly Parameter? output;

    /// <summary>Takes memory for the weights without filling it: load them or call <see cref="InitializeWeights"/>.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="type">Number type of the weights; float32 where null.</param>
    /// <param name="device">Where the weights live; the CPU where null.</param>
    /// <exception cref="LlamaxException">The configuration is inconsistent, or libtorch cannot be loaded.</exception>
    public CausalLanguageModel(DecoderConfig config, ScalarType? type = null, Device? device = null)
        : this(config, NamesOf(config), null, type, device)
    {
    }

    /// <summary>A decoder that may share its embedding with an encoder.</summary>
    internal CausalLanguageModel(DecoderConfig config, StackNames names, Parameter? shared, ScalarType? type, Device? device)
        : base(NameWithLibraryLoaded("model"))
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config.Checked("model configuration");
        this.names = names;
        var (number, place) = (type ?? ScalarType.Float32, device ?? CPU);
        embedding = shared ?? new Parameter(empty([config.VocabularySize, config.HiddenSize], number, place));
        register_parameter("embedding", embedding);
        stack = new TransformerStack(config, config.CrossAttention, bidirectional: false, new FusedMemory(), number, place);
        register_module("stack", stack);
        if (!config.TiedEmbeddings)
        {
            output = new Parameter(empty([config.VocabularySize, config.HiddenSize], number, place));
            register_parameter("output", output);
        }
    }

    /// <summary>The model's shape.</summary>
    public DecoderConfig Config { get; }

    /// <summary>The weight that turns hidden states into logits, <c>[vocabulary, hidden]</c>; the embedding where tied.</summary>
    public Tensor OutputWeight => output ?? embedding;

    /// <summary>Number type of the weights.</summary>
    public ScalarType Type => embedding.dtype;

    /// <summary>Where the weights live.</summary>
    public Device Device => embedding.device;

    /// <summary>The hidden states after the final norm.</summary>
    /// <param name="inputIds"><c>[batch, sequence]</c>, int64.</param>
    /// <param name="positions"><c>[batch, sequence]</c> or <c>[1, sequence]</c>, int64, from 0.</param>
    /// <param name="attention">Who attends to whom.</param>
    /// <param name="states">Receives what each layer reads, <c>[batch, sequence, hidden]</c>, and then the result; may be null.</param>
    /// <returns><c>[batch, sequence, hidden]</c>.</returns>
    public Tensor Hidden(Tensor inputIds, Tensor positions, AttentionContext attention, Action<Tensor>? states = null)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        using var scope = NewDisposeScope();
        var ids = inputIds.flatten();
        var rows = embedding.index_select(0, ids);
        if (Config is { FixedPadding: true, PadId: { } pad } && rows.requires_grad)
        {
            rows = where(ids.eq(pad).unsqueeze(1), rows.detach(), rows);
        }

        var x = rows.view(inputIds.shape[0], inputIds.shape[1], Config.HiddenSize);
        return stack.Forward(stack.Place(x, positions), positions, attention, states).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of hidden states.</summary>
    /// <param name="hidden"><c>[..., hidden]</c>, of <see cref="Hidden"/>.</param>
    /// <returns><c>[..., vocabulary]</c>.</returns>
    public Tensor Logits(Tensor hidden)
    {
        if (Config.LogitScale == 1)
        {
            return Projection.Apply(hidden, OutputWeight);
        }

        using var scope = NewDisposeScope();
        return Projection.Apply(hidden, OutputWeight).mul_(Config.LogitScale).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values that each layer attends to across, of an encoder's states.</summary>
    /// <param name="states"><c>[batch, source, hidden]</c>.</param>
    /// <returns>Per layer <c>[batch, kv_heads, source, head_dim]</c> each.</returns>
    /// <exception cref="InvalidOperationException">The model attends to no encoder.</exception>
    public IReadOnlyList<(Tensor Keys, Tensor Values)> CrossKeyValues(Tensor states) => stack.CrossKeyValues(states);

    /// <summary>
    /// The weights under the names that Hugging Face gives them, in the order of the layers. Query, key and value are
    /// views of one parameter, as are gate and up: filling a view fills the parameter. A tied output weight is left out.
    /// </summary>
    public IEnumerable<(string Name, Tensor Value)> Weights() =>
        stack.Weights(names).Prepend((names.Embedding, embedding)).Concat(output is null ? [] : [(names.Output!, output)]);

    /// <summary>
    /// Fills the weights: norms with one, biases with zero, matrices from a normal distribution of the configured
    /// deviation, divided by sqrt(2 × layers) for the two projections that write into the residual stream (Radford et
    /// al., 2019). The same stream gives the same weights on every machine.
    /// </summary>
    /// <param name="random">Where the numbers come from.</param>
    public void InitializeWeights(RandomStream random)
    {
        using var grad = no_grad();
        string[] residual = [$".{names.Layer.AttentionOut}.weight", $".{names.Layer.FeedForwardOut}.weight"];
        foreach (var (name, value) in Weights())
        {
            using var scope = NewDisposeScope();
            if (value.dim() == 1)
            {
                value.detach().fill_(name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1);
                continue;
            }

            var deviation = Config.InitializerRange
                / (residual.Any(end => name.EndsWith(end, StringComparison.Ordinal)) ? Math.Sqrt(2.0 * Config.Layers) : 1);
            FillNormal(value.detach(), random, deviation);
        }
    }

    /// <summary>The base class calls into libtorch, so it has to be there before.</summary>
    internal static string NameWithLibraryLoaded(string name)
    {
        LibTorch.EnsureLoaded();
        return name;
    }

    private static StackNames NamesOf(DecoderConfig config) => FamilyList.Find(config.Family) switch
    {
        DecoderFamily family => family.Names,
        SequenceToSequenceFamily family => family.Decoder,
        _ => throw new LlamaxException($"'{config.Family}' is no family of models that write text."),
    };

    private static void FillNormal(Tensor matrix, RandomStream random, double deviation)
    {
        var row = new float[matrix.shape[1]];
        for (var i = 0L; i < matrix.shape[0]; i++)
        {
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = (float)(random.NextGaussian() * deviation);
            }

            using var target = matrix[i];
            using var values = tensor(row);
            target.copy_(values);
        }
    }
}
