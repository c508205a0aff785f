using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>The ids that a family gives to the pieces of a SentencePiece model and to its own tokens.</summary>
internal sealed class FamilyVocabulary
{
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> added = [];
    private readonly int[] toModel;
    private readonly SentencePieceModel model;
    private readonly Func<string, int?> findPiece;
    private readonly IReadOnlyDictionary<string, int>? vocabulary;
    private readonly Dictionary<int, string> vocabularyNames = [];

    /// <summary>Gives out the ids.</summary>
    /// <param name="model">The SentencePiece model.</param>
    /// <param name="findPiece">The model's id of a piece.</param>
    /// <param name="rules">The family.</param>
    /// <param name="settings">What the folder says.</param>
    /// <param name="vocabulary">Ids of the pieces, for families with a file of them.</param>
    /// <exception cref="LlamaxException">The ids do not go together.</exception>
    public FamilyVocabulary(
        SentencePieceModel model, Func<string, int?> findPiece, FamilyRules rules, FolderSettings settings, IReadOnlyDictionary<string, int>? vocabulary)
    {
        (this.model, this.findPiece, this.vocabulary) = (model, findPiece, vocabulary);
        for (var id = 0; id < rules.First.Count; id++)
        {
            names[rules.First[id]] = id;
        }

        FromModel = vocabulary is null
            ? [.. model.Pieces.Select((piece, id) => names.TryGetValue(piece.Text, out var first) ? first : id + rules.Offset)]
            : FromFile(rules);
        var last = Math.Max(rules.First.Count - 1, vocabulary is null ? model.Pieces.Count - 1 + rules.Offset : vocabulary.Values.Append(-1).Max());
        Allow(last);
        var size = last + 1;
        toModel = new int[size];
        Array.Fill(toModel, -1);
        for (var id = FromModel.Length - 1; id >= 0; id--)
        {
            toModel[FromModel[id]] = id;
        }

        foreach (var (name, id) in vocabulary ?? new Dictionary<string, int>())
        {
            vocabularyNames[id] = name;
        }

        var next = size;
        foreach (var token in settings.Added)
        {
            Allow(token.Id);
            if (!settings.OfJson.Contains(token.Name) || Agrees(token))
            {
                Add(token);
            }
        }

        foreach (var group in rules.Last)
        {
            AddGroup(group, rules, settings, ref next);
        }

        Size = Math.Max(next, added.Keys.Append(-1).Max() + 1);
        var roles = FamilyRoles.Keys.ToDictionary(key => key, key => AddRole(settings.Role(key) ?? rules.Role(key)));
        (Bos, Eos, Unknown, Pad) = (roles[FamilyRoles.Bos], roles[FamilyRoles.Eos], roles[FamilyRoles.Unk], roles[FamilyRoles.Pad]);
        foreach (var name in rules.First.Concat(settings.AdditionalSpecial))
        {
            AddRole(name);
        }
    }

    /// <summary>Number of ids.</summary>
    public int Size { get; private set; }

    /// <summary>The family's id for each of the model's.</summary>
    public int[] FromModel { get; }

    /// <summary>Every token that is looked for in text by its name.</summary>
    public IReadOnlyCollection<AddedToken> Added => added.Values;

    public int? Bos { get; }

    public int? Eos { get; }

    public int? Pad { get; }

    public int? Unknown { get; }

    /// <summary>The token with its own name, or null where the id is a piece's.</summary>
    public AddedToken? Token(int id) => added.GetValueOrDefault(id);

    /// <summary>The SentencePiece model's id, or -1 where it has no such piece.</summary>
    public int ToModel(int id) => id < toModel.Length ? toModel[id] : -1;

    /// <summary>The name of an id; empty where it stands for nothing.</summary>
    public string Name(int id) => Token(id)?.Name
        ?? (vocabulary is not null ? vocabularyNames.GetValueOrDefault(id, "") : ToModel(id) is >= 0 and var piece ? model.Pieces[piece].Text : "");

    /// <summary>The id of a name, or null.</summary>
    public int? Find(string name) => names.TryGetValue(name, out var id) ? id
        : vocabulary is not null ? (vocabulary.TryGetValue(name, out id) ? id : null)
        : findPiece(name) is { } piece ? FromModel[piece] : null;

    /// <summary>Whether the pieces have the token at the same id, or neither the name nor the id.</summary>
    private bool Agrees(AddedToken token) => Find(token.Name) is { } id ? id == token.Id : token.Id >= toModel.Length;

    private int[] FromFile(FamilyRules rules)
    {
        var unknown = rules.Unk is { } name && vocabulary!.TryGetValue(name, out var found) ? found
            : throw new LlamaxException($"{rules.VocabularyFile} lacks {rules.Unk}, which stands for what is not in it.");
        return [.. model.Pieces.Select(piece => vocabulary.TryGetValue(piece.Text, out var id) ? id : unknown)];
    }

    private void AddGroup(TokenGroup group, FamilyRules rules, FolderSettings settings, ref int next)
    {
        var count = settings.Count(group.CountKey) ?? group.Count;
        var tokens = group.Token.Contains("{language}", StringComparison.Ordinal)
            ? rules.Languages.Select(language => group.Token.Replace("{language}", language, StringComparison.Ordinal))
            : Enumerable.Range(0, count).Select(n =>
                group.Token.Replace("{n}", $"{(group.Descending ? count - 1 - n : n)}", StringComparison.Ordinal));
        foreach (var name in tokens)
        {
            if (group.InVocabulary && vocabulary?.TryGetValue(name, out var known) is true)
            {
                Add(new AddedToken(name, known, Special: true) { LeftStrip = group.Lstrip, RightStrip = group.Rstrip });
                continue;
            }

            if (!names.ContainsKey(name) && !added.ContainsKey(next))
            {
                Add(new AddedToken(name, next, Special: true) { LeftStrip = group.Lstrip, RightStrip = group.Rstrip });
            }

            next++;
        }
    }

    /// <summary>Makes a special token of a name; one that is nowhere yet gets a new id.</summary>
    private int? AddRole(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var id = Find(name) ?? Size++;
        if (!added.TryGetValue(id, out var token) || !token.Special)
        {
            Add((token ?? new AddedToken(name, id, Special: true)) with { Special = true });
        }

        return id;
    }

    private void Add(AddedToken token)
    {
        if (added.TryGetValue(token.Id, out var other) && other.Name != token.Name)
        {
            throw new LlamaxException($"The tokens {other.Name} and {token.Name} have the same id {token.Id}. Correct the folder's added tokens.");
        }

        if (names.TryGetValue(token.Name, out var earlier) && earlier != token.Id)
        {
            added.Remove(earlier);
        }

        names[token.Name] = token.Id;
        added[token.Id] = token;
    }

    /// <summary>Refuses ids that would make tables out of proportion to the files.</summary>
    private void Allow(int id)
    {
        if (id < 0 || id > (4L * model.Pieces.Count) + (4L * (vocabulary?.Count ?? 0)) + (1 << 16))
        {
            throw new LlamaxException($"The id {id} is out of proportion to the {model.Pieces.Count} pieces of the model. Correct the folder's vocabulary or added tokens.");
        }
    }
}
