using Llamax.Models;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using TorchSharp;

namespace Llamax.Translation.Generation;

/// <summary>A model that writes, whatever its kind, with its tokenizer.</summary>
public sealed class TextModel : IDisposable
{
    private readonly CausalLanguageModel decoder;
    private readonly SequenceToSequenceModel? whole;
    private readonly IReadOnlyCollection<int> ends;

    private TextModel(CausalLanguageModel decoder, SequenceToSequenceModel? whole, Tokenizer tokenizer, IReadOnlyCollection<int> ends) =>
        (this.decoder, this.whole, Tokenizer, this.ends) = (decoder, whole, tokenizer, ends);

    /// <summary>The model's tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Loads a model folder, its tokenizer included.</summary>
    /// <param name="folder">A Hugging Face folder with its tokenizer.</param>
    /// <param name="type">Number type to compute in; as stored where null.</param>
    /// <param name="device">Where to compute; the CPU where null.</param>
    /// <param name="note">Receives what the user should know about the choice of the tokenizer, and of weights that are not used.</param>
    /// <exception cref="LlamaxException">
    /// A file is missing or broken, the tokenizer does not fit, or the model is an encoder, or one that needs to be told languages.
    /// </exception>
    public static TextModel Load(string folder, torch.ScalarType? type = null, torch.Device? device = null, Action<string>? note = null)
    {
        // What is small comes first: a mistake shows before gigabytes are read.
        var both = ConfigFile.KindOf(folder) == ModelKind.EncoderDecoder;
        if (both && ConfigFile.TemplateOf(folder) is null)
        {
            throw new LlamaxException($"{folder}: this model is told by tokens which language it reads and which it writes, and a prompt names neither: use `llamax translate`.");
        }

        var config = both ? ConfigFile.ReadSequenceToSequence(folder).Decoder : ConfigFile.Read(folder);
        var tokenizer = TokenizerFolder.Load(folder, note);
        ModelFolder.CheckTokenizer(config, tokenizer);
        var endIds = EndTokens.Read(folder, config);
        if (!both)
        {
            return new TextModel(ModelFolder.Load(folder, type, device, note), null, tokenizer, endIds);
        }

        var model = ModelFolder.LoadSequenceToSequence(folder, type, device, note);
        return new TextModel(model.Decoder, model, tokenizer, endIds);
    }

    /// <summary>What the model reads of a text: a language model goes on from it, an encoder-decoder model answers it.</summary>
    /// <param name="text">The text, which may name special tokens; with a template an instruction, which may not.</param>
    /// <param name="template">How the instruction is worded; null takes the text as it is.</param>
    public Prompt Encode(string text, PromptTemplate? template = null)
    {
        var ids = template is null ? PromptEncoder.EncodeText(text, Tokenizer) : PromptEncoder.Encode(template, text, "", Tokenizer);
        return whole is null ? new Prompt(ids) : new Prompt([whole.Config.StartId]) { Source = [.. ids, .. Tokenizer.Frame().Suffix] };
    }

    /// <summary>A search over the model; one at a time may be used.</summary>
    /// <param name="stop">See <see cref="BeamSearch.Stop"/>.</param>
    /// <param name="written">See <see cref="BeamSearch.Written"/>.</param>
    public BeamSearch Search(StopTest? stop = null, Action<int, int>? written = null) => whole is null
        ? new BeamSearch(decoder, ends) { Stop = stop, Written = written }
        : new BeamSearch(whole, ends) { Stop = stop, Written = written };

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable?)whole ?? decoder).Dispose();
}
