using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>
/// A SentencePiece model with the ids, special tokens and frame of its family: what Hugging Face's tokenizers in Python
/// make of the same folder.
/// </summary>
internal sealed class FamilyTokenizer : Tokenizer
{
    private readonly FamilyRules rules;
    private readonly FolderSettings settings;
    private readonly FamilyLanguages languages;
    private readonly FamilyVocabulary vocabulary;
    private readonly SentencePieceTokenizer pieces;
    private readonly SegmentEncoder segments;
    private readonly AddedTokenSearch all;
    private readonly AddedTokenSearch ordinary;
    private readonly bool legacy;

    /// <summary>Prepares the tokenizer.</summary>
    /// <param name="model">The SentencePiece model.</param>
    /// <param name="rules">The family.</param>
    /// <param name="settings">What the folder says.</param>
    /// <param name="ids">Ids of the pieces, for families with a file of them.</param>
    /// <exception cref="InvalidDataException">The model is not sound.</exception>
    /// <exception cref="LlamaxException">Model, family and folder do not go together.</exception>
    public FamilyTokenizer(SentencePieceModel model, FamilyRules rules, FolderSettings settings, IReadOnlyDictionary<string, int>? ids = null)
    {
        (this.rules, this.settings) = (rules, settings);
        legacy = rules.IsLegacy(settings);
        languages = new FamilyLanguages(rules);
        pieces = new SentencePieceTokenizer(model);
        vocabulary = new FamilyVocabulary(model, pieces.PieceToId, rules, settings, ids);
        segments = new SegmentEncoder(model, pieces, Prefix(), rules.Unk ?? model.UnknownPiece);
        all = new AddedTokenSearch(vocabulary.Added);
        ordinary = new AddedTokenSearch(vocabulary.Added.Where(token => !token.Special));
        SpecialNames = [.. vocabulary.Added.Where(token => token.Special).Select(token => token.Name)];
        UnknownId = model.ByteFallback ? null : vocabulary.Unknown;
    }

    /// <summary>The family's name.</summary>
    public string Family => rules.Name;

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override int? BosId => vocabulary.Bos;

    /// <inheritdoc/>
    public override int? EosId => vocabulary.Eos;

    /// <inheritdoc/>
    public override int? PadId => vocabulary.Pad;

    /// <inheritdoc/>
    public override int? UnknownId { get; }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> SpecialNames { get; }

    /// <inheritdoc/>
    public override SequenceFrame Frame(string? language = null)
    {
        var parts = legacy && rules.LegacyFrame is { } older ? older : rules.Frame;
        var text = parts.ToList().IndexOf("{text}");
        return new SequenceFrame([.. parts.Take(text).SelectMany(Ids)], [.. parts.Skip(text + 1).SelectMany(Ids)]);

        IEnumerable<int> Ids(string part) => part switch
        {
            "{bos}" when settings.AddBos ?? rules.AddBos => BosId is { } bos ? [bos] : [],
            "{eos}" when settings.AddEos ?? rules.AddEos => EosId is { } eos ? [eos] : [],
            "{language}" => [IdOf(languages.Token(language))],
            _ => [],
        };
    }

    /// <inheritdoc/>
    public override int? LanguageId(string language) => rules.Languages.Count == 0 ? null : IdOf(languages.Token(language));

    private SegmentPrefix Prefix() => !rules.PrefixOnce || legacy ? SegmentPrefix.Each
        : settings.Flag(rules.PrefixSpaceKey) ?? true ? SegmentPrefix.Once : SegmentPrefix.None;

    private int IdOf(string token) => PieceToId(token) ?? throw new LlamaxException(
        $"{Family}: the language token '{token}' has no id. Add it to \"last\", or write \"language_token\" as the vocabulary has it.");

    /// <inheritdoc/>
    public override TokenDecoder CreateDecoder() => new FamilyDecoder(vocabulary, segments.CreateDecoder());

    /// <inheritdoc/>
    /// <remarks>Empty for an id that stands for nothing.</remarks>
    public override string IdToPiece(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return vocabulary.Name(id);
    }

    /// <inheritdoc/>
    public override int? PieceToId(string piece) => vocabulary.Find(piece);

    /// <inheritdoc/>
    protected override void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special)
    {
        var search = special == SpecialTokens.Parse ? all : ordinary;
        var at = 0;
        while (search.Next(utf8, at, out var before, out var after, out var token))
        {
            EncodeSegment(before, isFirst: at == 0, token.Special, ids);
            ids.Add(token.Id);
            at = after;
        }

        if (at < utf8.Length)
        {
            EncodeSegment(utf8[at..], isFirst: at == 0, beforeSpecial: false, ids);
        }
    }

    private void EncodeSegment(ReadOnlySpan<byte> text, bool isFirst, bool beforeSpecial, TokenBuffer ids)
    {
        var start = ids.Count;
        segments.Encode(text, isFirst, beforeSpecial, ids);
        foreach (ref var id in ids.Tail(start))
        {
            id = vocabulary.FromModel[id];
        }
    }
}
