using Llamax.Models;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using TorchSharp;

namespace Llamax.Translation.Translating;

/// <summary>
/// An encoder-decoder model. Where its tokenizer has tokens of languages (M2M-100, NLLB), it is asked by them; others (T5) are
/// asked by a template.
/// </summary>
internal sealed class EncoderDecoderModel(
    SequenceToSequenceModel model, Tokenizer tokenizer, PromptTemplate? template, IReadOnlyCollection<int>? endIds, Action<string>? note = null) : TranslationModel(tokenizer)
{
    public override string Wording => template?.RenderTranslation("{source}", "{target}", "{input}", "{source_code}", "{target_code}")
        ?? LanguageTokens.Wording;

    public override torch.ScalarType Type => model.Decoder.Type;

    public override torch.Device Device => model.Decoder.Device;

    public override int Room => model.Config.Encoder.MaxPositions;

    private protected override BeamSearch Search { get; } = new(model, endIds) { BudgetHalved = budget => note?.Invoke(MemoryNote(budget)) };

    public override Prompt Encode(string text, Language from, Language to)
    {
        if (template is null)
        {
            return LanguageTokens.Ask(Tokenizer, model.Config.StartId, text, from, to);
        }

        var ids = PromptEncoder.EncodeTranslation(template, from, to, text, Tokenizer);
        if (template.NamesCodes && Tokenizer.PieceToId($"<2{to.Madlad}>") is null)
        {
            throw new LlamaxException($"The model's tokenizer has no token '<2{to.Madlad}>', by which the template {template.Name} asks for {to.Name}.");
        }

        return new Prompt([model.Config.StartId]) { Source = [.. ids, .. Tokenizer.Frame().Suffix] };
    }

    public override string Decode(Hypothesis hypothesis) => base.Decode(template is null ? LanguageTokens.Answer(hypothesis) : hypothesis);

    protected override void Dispose(bool disposing) => model.Dispose();
}
