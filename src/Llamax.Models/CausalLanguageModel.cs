using Llamax.Models.Attention;
using Llamax.Models.Layers;
using Llamax.Models.Native;
using Llamax.Text.Randomness;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models;

/// <summary>The LLaMA decoder (Touvron et al., 2023): token ids in, hidden states or logits out.</summary>
public sealed class CausalLanguageModel : nn.Module
{
    private readonly DecoderLayer[] layers;
    private readonly Parameter embedding, norm;
    private readonly Parameter? output;
    private readonly Tensor frequencies;
    private readonly FusedMemory memory = new();

    /// <summary>Takes memory for the weights without filling it: load them or call <see cref="InitializeWeights"/>.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="type">Number type of the weights; float32 where null.</param>
    /// <param name="device">Where the weights live; the CPU where null.</param>
    /// <exception cref="LlamaxException">The configuration is inconsistent, or libtorch cannot be loaded.</exception>
    public CausalLanguageModel(DecoderConfig config, ScalarType? type = null, Device? device = null)
        : base(NameWithLibraryLoaded())
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config.Checked("model configuration");
        var (number, place) = (type ?? ScalarType.Float32, device ?? CPU);
        embedding = new Parameter(empty([config.VocabularySize, config.HiddenSize], number, place));
        register_parameter("embedding", embedding);
        layers = new DecoderLayer[config.Layers];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new DecoderLayer(config, i, memory, number, place);
            register_module($"layers.{i}".Replace('.', '_'), layers[i]);
        }

        norm = new Parameter(empty([config.HiddenSize], number, place));
        register_parameter("norm", norm);
        if (!config.TiedEmbeddings)
        {
            output = new Parameter(empty([config.VocabularySize, config.HiddenSize], number, place));
            register_parameter("output", output);
        }

        frequencies = tensor(Rotary.Frequencies(config)).to(place).DetachFromDisposeScope();
        register_buffer("frequencies", frequencies, persistent: false);
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
    /// <returns><c>[batch, sequence, hidden]</c>.</returns>
    public Tensor Hidden(Tensor inputIds, Tensor positions, AttentionContext attention)
    {
        using var scope = NewDisposeScope();
        var x = embedding.index_select(0, inputIds.flatten()).view(inputIds.shape[0], inputIds.shape[1], Config.HiddenSize);
        var (cos, sin) = Rotary.Angles(positions, frequencies);
        Tensor? added = null;
        foreach (var layer in layers)
        {
            (x, added) = layer.Forward(x, added, cos, sin, attention);
        }

        return ResidualNorm.Apply(x, added, norm, Config.NormEpsilon, memory, last: true).Norm.MoveToOuterDisposeScope();
    }

    /// <summary>The logits of hidden states.</summary>
    /// <param name="hidden"><c>[..., hidden]</c>, of <see cref="Hidden"/>.</param>
    /// <returns><c>[..., vocabulary]</c>.</returns>
    public Tensor Logits(Tensor hidden) => F.linear(hidden, OutputWeight);

    /// <summary>
    /// The weights under the names that Hugging Face gives them, in the order of the layers. Query, key and value are
    /// views of one parameter, as are gate and up: filling a view fills the parameter. A tied output weight is left out.
    /// </summary>
    public IEnumerable<(string Name, Tensor Value)> Weights()
    {
        yield return ("model.embed_tokens.weight", embedding);
        foreach (var weight in layers.SelectMany(layer => layer.Weights()))
        {
            yield return weight;
        }

        yield return ("model.norm.weight", norm);
        if (output is not null)
        {
            yield return ("lm_head.weight", output);
        }
    }

    /// <summary>
    /// Fills the weights: norms with one, biases with zero, matrices from a normal distribution of the configured
    /// deviation, divided by sqrt(2 × layers) for the two projections that write into the residual stream (Radford et
    /// al., 2019). The same stream gives the same weights on every machine.
    /// </summary>
    /// <param name="random">Where the numbers come from.</param>
    public void InitializeWeights(RandomStream random)
    {
        using var grad = no_grad();
        foreach (var (name, value) in Weights())
        {
            using var scope = NewDisposeScope();
            if (value.dim() == 1)
            {
                value.detach().fill_(name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1);
                continue;
            }

            var residual = name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            var deviation = Config.InitializerRange / (residual ? Math.Sqrt(2.0 * Config.Layers) : 1);
            FillNormal(value.detach(), random, deviation);
        }
    }

    /// <summary>The base class calls into libtorch, so it has to be there before.</summary>
    private static string NameWithLibraryLoaded()
    {
        LibTorch.EnsureLoaded();
        return "model";
    }

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
