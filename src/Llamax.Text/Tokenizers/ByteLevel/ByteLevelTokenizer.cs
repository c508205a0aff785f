using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// Byte-level byte-pair encoding as in GPT-2, LLaMA-3, Qwen2 and Aya-23: text is cut into words by a pattern, and each
/// word is built from its bytes by merges. Every text can be expressed. Input that is no valid UTF-8, which the original
/// libraries never see, is read with U+FFFD for each longest part of a character that breaks off.
/// </summary>
public sealed class ByteLevelTokenizer : Tokenizer
{
    private readonly ByteLevelDefinition definition;
    private readonly ByteLevelEncoder encoder;
    private readonly Dictionary<int, string> names = [];
    private readonly SpecialTokenMatcher? userDefined;
    private readonly SpecialTokenMatcher? allNames;
    private readonly WorkspacePool<ByteLevelWorkspace> workspaces = new(() => new ByteLevelWorkspace());

    /// <summary>Prepares the tokenizer.</summary>
    internal ByteLevelTokenizer(ByteLevelDefinition definition)
    {
        encoder = new ByteLevelEncoder(definition.Vocabulary, definition.Merges, definition.WholeWordsFirst);
        this.definition = definition with { Merges = encoder.Merges };
        userDefined = Matcher(definition.UserDefined);
        allNames = Matcher(definition.UserDefined.Concat(definition.Special));
        foreach (var (name, id) in definition.UserDefined.Concat(definition.Special))
        {
            names.Add(id, name);
        }
    }

    /// <inheritdoc/>
    public override int VocabularySize => definition.Vocabulary.Count;

    /// <inheritdoc/>
    public override int? BosId => definition.BosId;

    /// <inheritdoc/>
    public override int? EosId => definition.EosId;

    /// <inheritdoc/>
    public override int? PadId => definition.PadId;

    /// <inheritdoc/>
    public override int? UnknownId => null;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> SpecialNames => [.. definition.Special.Keys];

    /// <inheritdoc/>
    public override SequenceFrame Frame(string? language = null) => new(
        definition is { AddBos: true, BosId: { } bos } ? [bos] : [],
        definition is { AddEos: true, EosId: { } eos } ? [eos] : []);

    /// <inheritdoc/>
    public override TokenDecoder CreateDecoder() =>
        new ByteLevelDecoder(definition.Vocabulary, id => names.TryGetValue(id, out var name) && definition.Special.ContainsKey(name));

    /// <inheritdoc/>
    /// <remarks>In GPT-2's alphabet, which writes a space as <c>Ġ</c>; special tokens by their names. Empty for an id that stands for nothing.</remarks>
    public override string IdToPiece(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return names.TryGetValue(id, out var name) ? name : ByteAlphabet.ToText(definition.Vocabulary[id]);
    }

    /// <inheritdoc/>
    public override int? PieceToId(string piece)
    {
        if (definition.Special.TryGetValue(piece, out var id) || definition.UserDefined.TryGetValue(piece, out id))
        {
            return id;
        }

        id = piece.Length > 0 && piece.All(character => ByteAlphabet.ToByte(character) >= 0)
            ? definition.Vocabulary.Find(ByteAlphabet.ToBytes(piece)) : -1;
        return id < 0 ? null : id;
    }

    /// <inheritdoc/>
    protected override void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special)
    {
        var workspace = workspaces.Rent();
        utf8 = Utf8.Repair(utf8, workspace.Repaired);
        var (matcher, at) = (special == SpecialTokens.Parse ? allNames : userDefined, 0);
        while (matcher is not null && matcher.Next(utf8, at, out var start, out var length, out var id))
        {
            EncodeText(utf8[at..start], ids, workspace);
            ids.Add(id);
            at = start + length;
        }

        EncodeText(utf8[at..], ids, workspace);
        if (workspace.IsSmall)
        {
            workspaces.Return(workspace);
        }
    }

    private static SpecialTokenMatcher? Matcher(IEnumerable<KeyValuePair<string, int>> names)
    {
        var tokens = names.Where(token => token.Key.Length > 0).Select(token => (Encoding.UTF8.GetBytes(token.Key), token.Value)).ToArray();
        return tokens.Length > 0 ? new SpecialTokenMatcher(tokens) : null;
    }

    private void EncodeText(ReadOnlySpan<byte> utf8, TokenBuffer ids, ByteLevelWorkspace workspace)
    {
        definition.Pattern.Split(utf8, workspace.Pieces);
        encoder.Encode(utf8, workspace.Pieces, ids, workspace);
    }
}
