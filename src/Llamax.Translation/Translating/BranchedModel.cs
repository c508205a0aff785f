using System.Diagnostics;
using Llamax.Models;
using Llamax.Models.Branches;
using Llamax.Text.Languages;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using TorchSharp;

namespace Llamax.Translation.Translating;

/// <summary>
/// A model that comes in branches. The two that a direction needs are loaded when it is asked for, in place of those that
/// were there: a pivot's second half, or a batch of several directions, waits for its own.
/// </summary>
internal sealed class BranchedModel : TranslationModel
{
    private readonly BranchFolder folder;
    private readonly SequenceToSequenceConfig config;
    private readonly BranchFlow flow;
    private readonly IReadOnlyCollection<int> endIds;
    private readonly Action<string>? note;
    private readonly HashSet<(string, string)> told = [];
    private readonly Stopwatch loading = new();
    private (string Encoder, string Decoder) loaded;
    private SequenceToSequenceModel? model;
    private BeamSearch? search;

    /// <summary>A model of which nothing is loaded yet.</summary>
    public BranchedModel(
        BranchFolder folder, SequenceToSequenceConfig config, Tokenizer tokenizer, BranchFlow flow, IReadOnlyCollection<int> endIds,
        torch.ScalarType type, torch.Device device, Action<string>? note)
        : base(tokenizer)
    {
        (this.folder, this.config, this.flow, this.endIds, this.note) = (folder, config, flow, endIds, note);
        (Type, Device) = (type, device);
        if (folder.IsDerived)
        {
            note?.Invoke($"there is no {ConfigFile.Name}: sizes are the tensors', and {config.Decoder.Heads} heads are assumed, as M2M-100 has");
        }
    }

    public override string Wording => $"{LanguageTokens.Wording}, flow {flow}";

    public override torch.ScalarType Type { get; }

    public override torch.Device Device { get; }

    public override TimeSpan LoadingTime => loading.Elapsed;

    public override int Room => config.Encoder.MaxPositions;

    private protected override BeamSearch Search => search ?? throw new InvalidOperationException("No branches are loaded.");

    public override Prompt Encode(string text, Language from, Language to)
    {
        var prompt = LanguageTokens.Ask(Tokenizer, config.StartId, text, from, to);
        BranchesFor(prompt); // Whether they are there shows before anything is loaded.
        return prompt;
    }

    public override string Decode(Hypothesis hypothesis) => base.Decode(LanguageTokens.Answer(hypothesis));

    public override IReadOnlyList<IReadOnlyList<Hypothesis>> Generate(
        IReadOnlyList<Prompt> prompts, GenerationOptions options, Action<int, IReadOnlyList<Hypothesis>>? finished = null,
        CancellationToken cancellationToken = default)
    {
        var found = new IReadOnlyList<Hypothesis>[prompts.Count];
        foreach (var group in Enumerable.Range(0, prompts.Count).GroupBy(i => BranchesFor(prompts[i])).OrderByDescending(group => group.Key == loaded))
        {
            int[] places = [.. group];
            cancellationToken.ThrowIfCancellationRequested();
            Load(group.Key);
            var written = base.Generate(
                [.. places.Select(i => prompts[i] with { Name = prompts[i].Called(i) })], options, finished is null ? null : (i, hypotheses) => finished(places[i], hypotheses), cancellationToken);
            for (var i = 0; i < places.Length; i++)
            {
                found[places[i]] = written[i];
            }
        }

        return found;
    }

    protected override void Dispose(bool disposing) => model?.Dispose();

    /// <summary>The branches of a prompt's languages, whose tokens it begins with and is to be answered with.</summary>
    private (string Encoder, string Decoder) BranchesFor(Prompt prompt) => folder.Choose(flow, Code(prompt.Source![0]), Code(prompt.ForcedFirst!.Value));

    private string Code(int token) => Tokenizer.IdToPiece(token).Trim('_');

    private void Load((string Encoder, string Decoder) branches)
    {
        if (model is not null && branches == loaded)
        {
            return;
        }

        model?.Dispose(); // First: there may be no room for four.
        model = null;
        loading.Start();
        try
        {
            model = folder.Load(branches, Type, Device);
        }
        finally
        {
            loading.Stop();
        }

        search = new BeamSearch(model, endIds) { BudgetHalved = budget => note?.Invoke(MemoryNote(budget)) };
        loaded = branches;
        if (told.Add(branches))
        {
            note?.Invoke($"translating with {branches.Encoder} and {branches.Decoder}");
        }
    }
}
