using Llamax.Models;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;
using TorchSharp;

namespace Llamax.Translation.Translating;

/// <summary>
/// An encoder-decoder model. Where its tokenizer has tokens of languages (M2M-100, NLLB), the source's stands in the frame
/// around the text and the target's is the first token that the decoder writes; others (T5) are asked by a template.
/// </summary>
internal sealed class EncoderDecoderModel(
    SequenceToSequenceModel model, Tokenizer tokenizer, PromptTemplate? template, IReadOnlyCollection<int>? endIds, Action<string>? note = null) : TranslationModel(tokenizer)
{
    public override string Wording => template?.RenderTranslation("{source}", "{target}", "{input}", "{source_code}", "{target_code}")
        ?? "{source token} {input} → {target token}";

    public override torch.ScalarType Type => model.Decoder.Type;

    public override torch.Device Device => model.Decoder.Device;

    public override int Room => model.Config.Encoder.MaxPositions;

    private protected override BeamSearch Search { get; } = new(model, endIds) { BudgetHalved = budget => note?.Invoke(MemoryNote(budget)) };

    public override Prompt Encode(string text, Language from, Language to)
    {
        var start = new Prompt([model.Config.StartId]);
        if (template is null)
        {
            var forced = Tokenizer.LanguageId(to.Code) ?? throw new LlamaxException(
                "The model's tokenizer has no tokens of languages, and no template says how to ask: give --template.");
            return start with { Source = Tokenizer.Frame(from.Code).Around(Tokenizer.Encode(text, SpecialTokens.Text)), ForcedFirst = forced };
        }

        var ids = PromptEncoder.EncodeTranslation(template, from, to, text, Tokenizer);
        if (template.NamesCodes && Tokenizer.PieceToId($"<2{to.Madlad}>") is null)
        {
            throw new LlamaxException($"The model's tokenizer has no token '<2{to.Madlad}>', by which the template {template.Name} asks for {to.Name}.");
        }

        return start with { Source = [.. ids, .. Tokenizer.Frame().Suffix] };
    }

    public override string Decode(Hypothesis hypothesis) =>
        base.Decode(template is null && hypothesis.Ids.Count > 0 ? hypothesis with { Ids = [.. hypothesis.Ids.Skip(1)] } : hypothesis);

    protected override void Dispose(bool disposing) => model.Dispose();
}
