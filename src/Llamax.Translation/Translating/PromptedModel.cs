using Llamax.Models;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using TorchSharp;

namespace Llamax.Translation.Translating;

/// <summary>A causal language model that is asked for translations in words.</summary>
internal sealed class PromptedModel(
    CausalLanguageModel model, Tokenizer tokenizer, PromptTemplate template, IReadOnlyCollection<int>? endIds, Action<string>? note = null) : TranslationModel(tokenizer)
{
    public override string Wording => template.RenderTranslation("{source}", "{target}", "{input}", "{source_code}", "{target_code}");

    public override torch.ScalarType Type => model.Type;

    public override torch.Device Device => model.Device;

    public override int Room => model.Config.MaxPositions;

    private protected override BeamSearch Search { get; } = new(model, endIds) { BudgetHalved = budget => note?.Invoke(MemoryNote(budget)) };

    public override Prompt Encode(string text, Language from, Language to)
    {
        var ids = PromptEncoder.EncodeTranslation(template, from, to, text, Tokenizer);
        if (Tokenizer.BosId is { } bos && ids is [_, var second, ..] && ids[0] == bos && second == bos)
        {
            throw new LlamaxException("The prompt begins with BOS twice: take it out of the template, the tokenizer adds it.");
        }

        return new Prompt(ids);
    }

    protected override void Dispose(bool disposing) => model.Dispose();
}
