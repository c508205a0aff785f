using Llamax.Models.Attention;
using Llamax.Models.Families;
using Llamax.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Llamax.Models;

/// <summary>The encoder of XLM-R and of encoder-decoder models: token ids in, a state for each token out.</summary>
public sealed class EncoderModel : nn.Module
{
    private readonly StackNames names;
    private readonly TransformerStack stack;
    private readonly Parameter embedding;
    private readonly Parameter? tokenTypes;
    private readonly Norm? embeddingNorm;
    private readonly PackedLinear? pooler;

    /// <summary>Takes memory for the weights without filling it.</summary>
    internal EncoderModel(EncoderConfig config, ScalarType? type, Device? device)
        : this(config, ((EncoderFamily)FamilyList.Find(config.Family)!).Names, null, type, device)
    {
    }

    /// <summary>An encoder that may share its embedding with a decoder.</summary>
    internal EncoderModel(EncoderConfig config, StackNames names, Parameter? shared, ScalarType? type, Device? device)
        : base(CausalLanguageModel.NameWithLibraryLoaded("encoder"))
    {
        Config = config.Checked("model configuration");
        this.names = names;
        var (number, place) = (type ?? ScalarType.Float32, device ?? CPU);
        var memory = new FusedMemory();
        embedding = shared ?? new Parameter(empty([config.VocabularySize, config.HiddenSize], number, place));
        register_parameter("embedding", embedding);
        stack = new TransformerStack(config, cross: false, bidirectional: true, memory, number, place);
        register_module("stack", stack);
        if (config.TokenTypes > 0)
        {
            tokenTypes = new Parameter(empty([config.TokenTypes, config.HiddenSize], number, place));
            register_parameter("token_types", tokenTypes);
        }

        if (config.EmbeddingNorm)
        {
            embeddingNorm = new Norm(config, memory, number, place);
            register_module("embedding_norm", embeddingNorm);
        }

        if (config.Pooler)
        {
            pooler = new PackedLinear(config.HiddenSize, [config.HiddenSize], withBias: true, number, place);
            register_module("pooler", pooler);
        }
    }

    /// <summary>The model's shape.</summary>
    public EncoderConfig Config { get; }

    /// <summary>Number type of the weights.</summary>
    public ScalarType Type => embedding.dtype;

    /// <summary>Where the weights live.</summary>
    public Device Device => embedding.device;

    /// <summary>The states of all tokens.</summary>
    /// <param name="inputIds"><c>[batch, sequence]</c>, int64.</param>
    /// <param name="mask"><c>[batch, sequence]</c>: zero where padding is; at least one token in each row.</param>
    /// <param name="states">Receives what each layer reads, <c>[batch, sequence, hidden]</c>, and then the result; may be null.</param>
    /// <returns><c>[batch, sequence, hidden]</c>; what stands at padding is of no use.</returns>
    public Tensor Hidden(Tensor inputIds, Tensor mask, Action<Tensor>? states = null)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        ArgumentNullException.ThrowIfNull(mask);
        using var scope = NewDisposeScope();
        var real = mask.ne(0).to_type(ScalarType.Int64);
        var positions = ((real.cumsum(-1) * real) - 1).clamp_min(-Config.PositionOffset); // Padding has the row before the first.
        var x = embedding.index_select(0, inputIds.flatten()).view(inputIds.shape[0], inputIds.shape[1], Config.HiddenSize);
        x = stack.Place(x, positions);
        if (tokenTypes is not null)
        {
            x += tokenTypes[0];
        }

        if (embeddingNorm is not null)
        {
            (_, x) = embeddingNorm.Apply(x, null);
        }

        return stack.Forward(x, positions, new PaddedAttention(mask), states).MoveToOuterDisposeScope();
    }

    /// <summary>A dense layer with tanh over the first token's state.</summary>
    /// <param name="hidden">Of <see cref="Hidden"/>.</param>
    /// <returns><c>[batch, hidden]</c>.</returns>
    /// <exception cref="InvalidOperationException">The model has no pooler.</exception>
    public Tensor Pool(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return (pooler ?? throw new InvalidOperationException("The model has no pooler."))
            .Apply(hidden.narrow(1, 0, 1)).tanh().squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The weights under the names that the family gives them.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights()
    {
        yield return (names.Embedding, embedding);
        if (tokenTypes is not null)
        {
            yield return (names.TokenTypes!, tokenTypes);
        }

        foreach (var weight in (embeddingNorm?.Weights(names.EmbeddingNorm!) ?? []).Concat(stack.Weights(names))
            .Concat(pooler?.Weights("", [names.Pooler!], transposed: false) ?? []))
        {
            yield return weight;
        }
    }
}
