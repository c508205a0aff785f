using System.Text;
using Llamax.Text.Tokenizers.HuggingFace.Added;
using Llamax.Text.Tokenizers.HuggingFace.Decoders;
using Llamax.Text.Tokenizers.HuggingFace.Json;
using Llamax.Text.Tokenizers.HuggingFace.Models;
using Llamax.Text.Tokenizers.HuggingFace.Normalizers;
using Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace;

/// <summary>
/// A <c>tokenizer.json</c> of Hugging Face's tokenizers library, with the same ids and texts: BPE and Unigram models,
/// their normalisers, pre-tokenizers, decoders and added tokens. Decoding leaves special tokens out. Invalid UTF-8, which
/// the library never sees, is read with U+FFFD for each longest part of a character that breaks off.
/// </summary>
public sealed class HuggingFaceTokenizer : Tokenizer
{
    private readonly TextNormalizer[] normalizers;
    private readonly PieceStep[] steps;
    private readonly WordModel model;
    private readonly AddedVocabulary added;
    private readonly AddedTokenFinder rawTokens;
    private readonly AddedTokenFinder normalizedTokens;
    private readonly Func<IEnumerable<DecodingStage>> decoder;
    private readonly SequenceFrame frame;
    private readonly WorkspacePool<EncodingWorkspace> workspaces;

    private HuggingFaceTokenizer(TokenizerFile file, string path, TokenizerConfig config)
    {
        (normalizers, steps, model, decoder) = (file.Normalizers, config.Steps(file), file.Model, file.Decoder);
        workspaces = new WorkspacePool<EncodingWorkspace>(() => new EncodingWorkspace(steps.Length));
        added = new AddedVocabulary(model);
        foreach (var token in file.AddedTokens.Concat(config.AddedTokens))
        {
            added.Add(token);
        }

        foreach (var token in config.SpecialTokens.Where(token => !added.Contains(token.Content)))
        {
            added.Add(token);
        }

        var workspace = new EncodingWorkspace(0);
        added.NormalizeTexts(name => Encoding.UTF8.GetString(Normalize(Encoding.UTF8.GetBytes(name), workspace)));
        rawTokens = new AddedTokenFinder(Names(normalized: false), added);
        normalizedTokens = new AddedTokenFinder(Names(normalized: true), added);
        (BosId, EosId, PadId) = (Find(config.Bos), Find(config.Eos), Find(config.Pad));
        UnknownId = model.UnknownId ?? Find(config.Unknown);
        VocabularySize = added.IdCount;
        frame = config.Frame(file.Frame, BosId, EosId);
        if (frame.Prefix.Concat(frame.Suffix).Any(id => id >= VocabularySize))
        {
            throw new LlamaxException($"{path}: post_processor names an id beyond the vocabulary, which has {VocabularySize} ids.");
        }
    }

    /// <inheritdoc/>
    /// <remarks>The largest id and one: where ids are left out, more than there are tokens.</remarks>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    /// <remarks>As <c>tokenizer_config.json</c> or <c>special_tokens_map.json</c> beside the file says.</remarks>
    public override int? BosId { get; }

    /// <inheritdoc/>
    /// <remarks>As <c>tokenizer_config.json</c> or <c>special_tokens_map.json</c> beside the file says.</remarks>
    public override int? EosId { get; }

    /// <inheritdoc/>
    /// <remarks>As <c>tokenizer_config.json</c> or <c>special_tokens_map.json</c> beside the file says.</remarks>
    public override int? PadId { get; }

    /// <inheritdoc/>
    public override int? UnknownId { get; }

    /// <summary>Reads a <c>tokenizer.json</c>, and <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> where they lie beside it.</summary>
    /// <param name="path">The <c>tokenizer.json</c>.</param>
    /// <exception cref="LlamaxException">A file cannot be read, is not sound, or has a component that Llamax does not know.</exception>
    public static HuggingFaceTokenizer Load(string path) =>
        new(TokenizerFileReader.Read(path), path, TokenizerConfig.ReadBeside(path));

    /// <summary>Reads the text of a <c>tokenizer.json</c> that was made of the files in a folder.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">What messages name; <c>tokenizer_config.json</c> is looked for beside it.</param>
    internal static HuggingFaceTokenizer Parse(ReadOnlySpan<byte> json, string path) =>
        new(TokenizerFileReader.Read(path, json), path, TokenizerConfig.ReadBeside(path));

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> SpecialNames => added.SpecialNames;

    /// <inheritdoc/>
    /// <remarks>As the file's <c>post_processor</c> has it, or as the settings that go with the tokenizer's class.</remarks>
    public override SequenceFrame Frame(string? language = null) => frame;

    /// <inheritdoc/>
    public override TokenDecoder CreateDecoder() => new StagedDecoder(added, VocabularySize, decoder);

    /// <inheritdoc/>
    /// <remarks>Empty for an id that stands for nothing.</remarks>
    public override string IdToPiece(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return added.Text(id) ?? "";
    }

    /// <inheritdoc/>
    public override int? PieceToId(string piece) => added.Find(piece);

    /// <inheritdoc/>
    protected override void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special)
    {
        var workspace = workspaces.Rent();
        utf8 = Utf8.Repair(utf8, workspace.Repaired);
        var (from, spaceEnd, taken) = (0, 0, 0);
        while (rawTokens.Next(utf8, special, ref from, ref spaceEnd, taken, out var match))
        {
            if (taken < match.Start)
            {
                EncodeSection(utf8[taken..match.Start], taken == 0, ids, workspace, special);
            }

            ids.Add(match.Id);
            taken = match.End;
        }

        EncodeSection(utf8[taken..], taken == 0, ids, workspace, special);
        if (workspace.IsSmall)
        {
            workspaces.Return(workspace);
        }
    }

    /// <summary>Appends the ids of the text between two added tokens.</summary>
    private void EncodeSection(ReadOnlySpan<byte> section, bool isFirst, TokenBuffer ids, EncodingWorkspace workspace, SpecialTokens special)
    {
        if (section.IsEmpty)
        {
            return;
        }

        workspace.StartRemoved = false;
        var text = Normalize(section, workspace);
        isFirst &= !workspace.StartRemoved;
        var sink = new PieceSink(steps, 0, model, ids, workspace);
        var (from, spaceEnd, taken) = (0, 0, 0);
        while (normalizedTokens.Next(text, special, ref from, ref spaceEnd, taken, out var match))
        {
            if (taken < match.Start)
            {
                sink.Take(text[taken..match.Start], isFirst && taken == 0);
            }

            ids.Add(match.Id);
            taken = match.End;
        }

        sink.Take(text[taken..], isFirst && taken == 0);
    }

    private ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, EncodingWorkspace workspace)
    {
        foreach (var normalizer in normalizers)
        {
            workspace.Spare.Truncate(0);
            normalizer.Apply(text, workspace.Spare, workspace);
            workspace.Commit();
            text = workspace.Text.Written;
        }

        return text;
    }

    /// <summary>What to look for; a token of which nothing is left once it is normalised is found nowhere.</summary>
    private IEnumerable<(byte[] Name, int Id)> Names(bool normalized) => added.All
        .Where(token => token.Token.Normalized == normalized)
        .Select(token => (Name: Encoding.UTF8.GetBytes(normalized ? added.Text(token.Id)! : token.Token.Content), token.Id))
        .Where(token => token.Name.Length > 0);

    private int? Find(string? token) => token is null ? null : added.Find(token);
}
