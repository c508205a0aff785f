using System.Runtime.InteropServices;
using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Models.Native;
using Llamax.Text.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>Writes on from a prompt by drawing tokens. A model may be used by one at a time.</summary>
/// <param name="model">The model; it stays the caller's.</param>
/// <param name="endIds">Tokens that end a text; the model's own where null.</param>
public sealed class SamplingSearch(CausalLanguageModel model, IReadOnlyCollection<int>? endIds = null)
{
    private readonly IReadOnlyCollection<int> ends = endIds ?? model.Config.EosIds;

    /// <summary>Ends the text where it says so; the last token stays in the text. Null ends none.</summary>
    public StopTest? Stop { get; init; }

    /// <summary>Generates one continuation.</summary>
    /// <param name="prompt">Token ids, BOS included; at least one.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="written">Told of each token as soon as it is drawn; may be null.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <returns>The new tokens, without the end token.</returns>
    /// <exception cref="LlamaxException">An option is out of range, or the prompt leaves no room in the model's positions.</exception>
    public IReadOnlyList<int> Generate(
        int[] prompt, SamplingOptions options, Action<int>? written = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        PromptCheck.Check(new Prompt(prompt), 1, model.Config);
        var rules = new TokenRules(options.RepetitionPenalty, options.NoRepeatNgram);
        var sampler = new TokenSampler(options, new RandomStream(options.Seed, "sampling"));
        try
        {
            return Draw(prompt, options, rules, sampler, written, cancellationToken);
        }
        catch (Exception exception) when (MemoryShortage.IsOne(exception))
        {
            throw new LlamaxException(
                "The memory does not suffice for the prompt and what is written: shorten the prompt, or use a smaller number type or fewer new tokens.", exception);
        }
    }

    private List<int> Draw(
        int[] prompt, SamplingOptions options, TokenRules rules, TokenSampler sampler, Action<int>? written, CancellationToken cancellationToken)
    {
        var most = Math.Min(options.MaxNewTokens, model.Config.MaxPositions - prompt.Length);
        var ids = new List<int>();
        using var inference = inference_mode();
        using var cache = new KeyValueCache(model.Config.Layers, prompt.Length + most);
        for (var read = prompt; ids.Count < most; read = [ids[^1]])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var logits = Logits(read, cache);
            if (rules.Any)
            {
                rules.Apply(logits, 0, prompt, CollectionsMarshal.AsSpan(ids));
            }

            var token = sampler.Next(logits);
            if (ends.Contains(token))
            {
                break;
            }

            ids.Add(token);
            written?.Invoke(token);
            if (Stop is not null && Stop(CollectionsMarshal.AsSpan(ids)))
            {
                break;
            }
        }

        return ids;
    }

    /// <summary>The logits after the last of these tokens.</summary>
    private float[] Logits(int[] ids, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var device = model.Device;
        var input = tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length]).to(device);
        var positions = arange(cache.Length, cache.Length + ids.Length, device: device).unsqueeze(0);
        var last = model.Hidden(input, positions, cache).select(1, ids.Length - 1);
        return model.Logits(last).to(ScalarType.Float32).cpu().data<float>().ToArray();
    }
}
