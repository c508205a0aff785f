using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Models.Native;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>
/// Greedy search, beam search and drawing of tokens. The searches are identical to Hugging Face transformers 4.40 to 4.44 to
/// the token, whatever texts run side by side: a text leaves as soon as it is done and the next one takes its place. A
/// model may be used by one search at a time.
/// </summary>
/// <param name="model">The model; it stays the caller's.</param>
/// <param name="endIds">Tokens that end a text; the model's own where null.</param>
public sealed class BeamSearch(CausalLanguageModel model, IReadOnlyCollection<int>? endIds = null)
{
    /// <summary>Sentences wait until this part of the budget is free: reading few tokens at a time is slow.</summary>
    private const int Shares = 8;

    /// <summary>Logits of a step at most: a GiB in float32, which short texts and a large vocabulary would pass.</summary>
    private const long MostLogits = 1 << 28;

    /// <summary>Beginnings shorter than this are not worth a reading of their own.</summary>
    private const int ShortestPrefix = 8;

    private readonly IReadOnlyCollection<int> ends = endIds ?? model.Config.EosIds;
    private readonly SequenceToSequenceModel? whole;
    private int fitting = int.MaxValue; // The budget that the memory sufficed for, where another did not.
    private bool isFitted; // Whether it was found in the call before.

    /// <summary>A search over an encoder-decoder model, whose prompts have a <see cref="Prompt.Source"/>.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="endIds">Tokens that end a text; the model's own where null.</param>
    public BeamSearch(SequenceToSequenceModel model, IReadOnlyCollection<int>? endIds = null)
        : this((model ?? throw new ArgumentNullException(nameof(model))).Decoder, endIds) => whole = model;

    /// <summary>Ends a text where it says so; the last token stays in the text. Null ends none.</summary>
    public StopTest? Stop { get; init; }

    /// <summary>
    /// Told of each prompt's number and token as soon as it is written, the last one where <see cref="Stop"/> says so
    /// included, end tokens and forced ones not. Only with one beam: several change their minds. Where memory runs short, texts
    /// begin again and tell their tokens again; a single prompt never does.
    /// </summary>
    public Action<int, int>? Written { get; init; }

    /// <summary>Told of the new budget, in tokens, when the memory did not suffice and the search goes on with fewer texts side by side.</summary>
    public Action<int>? BudgetHalved { get; init; }

    /// <summary>
    /// Bytes that keys and values may take, asked before texts run; null knows no bound. On the CPU a program that takes too
    /// much is not told so but killed: what is free is looked at instead.
    /// </summary>
    internal Func<long?> CacheBound { get; init; } = () => model.Device.type == TorchSharp.DeviceType.CPU ? MachineFacts.AvailableMemory() / 10 * 9 : null;

    /// <summary>Told, before the model reads, of the number of tokens and of those whose logits are wanted.</summary>
    internal Action<int, int>? BeforeReading { get; init; }

    /// <summary>Told of the sentences that run and the cache's bytes after each step.</summary>
    internal Action<int, long>? CacheMeasured { get; init; }

    /// <summary>Generates continuations of each prompt.</summary>
    /// <param name="prompts">Token ids, BOS included; at least one each.</param>
    /// <param name="options">How to search.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <returns>For each prompt, in the order given, its hypotheses, best first.</returns>
    /// <exception cref="LlamaxException">
    /// An option is out of range, a prompt leaves no room in the model's positions, or one alone does not fit into the memory.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Generate(
        IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        return Generate([.. prompts.Select(ids => new Prompt(ids))], options, cancellationToken: cancellationToken);
    }

    /// <summary>Generates continuations of each prompt.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">How to search.</param>
    /// <param name="finished">Told of each prompt's number and hypotheses as soon as it is done; may be null.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <returns>For each prompt, in the order given, its hypotheses, best first.</returns>
    /// <exception cref="LlamaxException">
    /// An option is out of range, a prompt leaves no room in the model's positions, or one alone does not fit into the memory.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Generate(
        IReadOnlyList<Prompt> prompts, GenerationOptions options, Action<int, IReadOnlyList<Hypothesis>>? finished = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        for (var i = 0; i < prompts.Count; i++)
        {
            PromptCheck.Check(prompts[i], prompts[i].Called(i), model.Config, whole?.Config.Encoder);
        }

        var results = new IReadOnlyList<Hypothesis>[prompts.Count];
        var waiting = Enumerable.Range(0, prompts.Count).OrderByDescending(i => prompts[i].Size).ToArray();
        if (!isFitted && fitting < options.BatchTokens)
        {
            fitting += (fitting / 4) + 1; // Perhaps there is more again.
        }

        isFitted = false;
        var budget = Math.Min(options.BatchTokens, fitting);
        using var inference = inference_mode();
        while (waiting.Length > 0 && Run(prompts, waiting, options, budget, Finish, cancellationToken) is { } smaller)
        {
            // What ran begins again: it is the same whatever runs beside it.
            (fitting, budget, isFitted) = (smaller, smaller, true);
            waiting = [.. waiting.Where(i => results[i] is null)];
            BudgetHalved?.Invoke(budget);
        }

        return results;

        void Finish(BeamSentence sentence)
        {
            var best = sentence.Best(options.Hypotheses);
            results[sentence.Number] = best;
            finished?.Invoke(sentence.Number, best);
        }
    }

    /// <summary>What the decoder attends to of each prompt's source, to be disposed of; null where the model has no encoder.</summary>
    internal IReadOnlyList<EncodedSource>? ReadSources(IReadOnlyList<Prompt> prompts) => whole is null ? null : SourceReader.Read(whole, prompts);

    /// <summary>Runs the waiting prompts; returns half of what ran side by side where the memory did not suffice, else null.</summary>
    private int? Run(
        IReadOnlyList<Prompt> prompts, int[] waiting, GenerationOptions options, int budget, Action<BeamSentence> finish,
        CancellationToken cancellationToken)
    {
        BeamRun? run = null;
        var next = 0;
        var bound = CacheBound();
        try
        {
            run = new BeamRun(model, this, ends, options, CommonPrefix(prompts, waiting));
            while (next < waiting.Length || run.Running.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var entering = new List<BeamSentence>();
                var load = run.Load;
                for (var free = budget - load.Tokens; next < waiting.Length && MayEnter(load.With(prompts[waiting[next]].Size), free); next++)
                {
                    entering.Add(new BeamSentence(waiting[next], prompts[waiting[next]], model.Config.MaxPositions, options));
                    load = load.With(prompts[waiting[next]].Size);
                }

                entering.RemoveAll(FinishIfDone);
                if (entering.Count > 0)
                {
                    run.Enter(entering);
                    run.TakeEnded().ForEach(finish);
                }

                if (run.Running.Count > 0)
                {
                    run.Step();
                    CacheMeasured?.Invoke(run.Running.Count, run.CacheBytes);
                    run.TakeEnded().ForEach(finish);
                    if (run.CacheBytes > bound && run.Running.Count > 1)
                    {
                        return Half(run);
                    }
                }

                bool MayEnter(BatchLoad with, long free) => with.Count == 1
                    || (with.Count * (long)options.Beams * model.Config.VocabularySize <= MostLogits
                        && with.Tokens <= budget && (entering.Count > 0 || free >= budget / Shares));
            }

            return null;
        }
        catch (Exception exception) when (MemoryShortage.IsOne(exception))
        {
            if (run is not { Running.Count: > 1 })
            {
                var text = run is { Running: [var only] } ? $"{only.Prompt.Called(only.Number)} alone" : "what all prompts begin with";
                throw new LlamaxException(
                    $"The memory does not suffice for {text}: use fewer beams, a smaller number type, shorter texts, or a machine with more memory.",
                    exception);
            }

            return Half(run);
        }
        finally
        {
            run?.Dispose();
        }

        int Half(BeamRun tooMuch) => (int)Math.Max(1, Math.Min(budget, tooMuch.Load.Tokens) / 2);

        bool FinishIfDone(BeamSentence sentence)
        {
            if (sentence.IsDone)
            {
                finish(sentence);
            }

            return sentence.IsDone;
        }
    }

    /// <summary>What all prompts begin with, so that each has a token of its own left; empty where it would not pay.</summary>
    private ReadOnlySpan<int> CommonPrefix(IReadOnlyList<Prompt> prompts, int[] waiting)
    {
        if (waiting.Length < 2 || whole is not null)
        {
            return []; // What a decoder makes of a beginning depends on the source that it attends to.
        }

        int[] common = [.. prompts[waiting[0]].Ids];
        var length = common.Length;
        foreach (var i in waiting)
        {
            var (ids, same) = (prompts[i].Ids, 0);
            length = Math.Min(length, ids.Count - 1);
            while (same < length && ids[same] == common[same])
            {
                same++;
            }

            length = same;
        }

        return length < ShortestPrefix ? [] : common.AsSpan(0, length);
    }
}
