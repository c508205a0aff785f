using System.Text;
using Llamax.Text.Tokenizers.HuggingFace.Models;

namespace Llamax.Text.Tokenizers.HuggingFace.Added;

/// <summary>
/// The added tokens and their ids. As in the library, a token that the model has keeps the model's id, another one gets
/// the next free id, whatever the file says; and of several for one id the last one counts.
/// </summary>
internal sealed class AddedVocabulary
{
    private readonly WordModel model;
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> tokens = [];
    private readonly List<string> specialNames = [];
    private readonly List<string> otherNames = [];
    private readonly HashSet<string> isSpecial = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> normalizedTexts = [];
    private int next;

    /// <summary>Prepares an empty list.</summary>
    public AddedVocabulary(WordModel model) => (this.model, next, IdCount) = (model, model.TokenCount, model.Vocabulary.Count);

    /// <summary>Number of ids, the model's included.</summary>
    public int IdCount { get; private set; }

    /// <summary>The tokens, each once, with their ids in the order in which they are looked for.</summary>
    public IEnumerable<(AddedToken Token, int Id)> All =>
        specialNames.Concat(otherNames.Where(name => !IsSpecial(name))).Select(name => (tokens[ids[name]], ids[name]));

    /// <summary>The names of the tokens that are special, or were so before the file named them again.</summary>
    public IReadOnlyCollection<string> SpecialNames => specialNames;

    /// <summary>Adds a token; does nothing where the very same one is there.</summary>
    public void Add(AddedToken token)
    {
        if (token.Content.Length == 0 || (ids.TryGetValue(token.Content, out var known) && tokens[known] == token))
        {
            return;
        }

        if (token.Special && isSpecial.Add(token.Content))
        {
            specialNames.Add(token.Content);
        }
        else if (!token.Special && !Contains(token.Content))
        {
            otherNames.Add(token.Content);
        }

        var id = Find(token.Content) ?? next;
        ids[token.Content] = id;
        tokens[id] = token;
        next = id < next ? next : id + 1;
        IdCount = Math.Max(IdCount, id + 1);
        if (token.Normalized)
        {
            normalizedTexts[id] = token.Content;
        }
    }

    /// <summary>
    /// Says what the tokens are as text that are looked for in normalised text: their names normalised, as in the library.
    /// It keeps to this, too, where the file names the token again as one that is not.
    /// </summary>
    public void NormalizeTexts(Func<string, string> normalize)
    {
        foreach (var id in normalizedTexts.Keys.ToArray())
        {
            normalizedTexts[id] = normalize(tokens[id].Content);
        }
    }

    /// <summary>The added token of an id, or null.</summary>
    public AddedToken? Token(int id) => tokens.GetValueOrDefault(id);

    /// <summary>Whether a text is the name of a special token.</summary>
    public bool IsSpecial(string name) => isSpecial.Contains(name);

    /// <summary>Whether a text is the name of an added token.</summary>
    public bool Contains(string name) => ids.ContainsKey(name);

    /// <summary>The id of an added token or one of the model's, or null.</summary>
    public int? Find(string name)
    {
        if (ids.TryGetValue(name, out var id))
        {
            return id;
        }

        id = model.Vocabulary.Find(Encoding.UTF8.GetBytes(name));
        return id < 0 ? null : id;
    }

    /// <summary>The text of an id; null where it stands for nothing.</summary>
    public string? Text(int id)
    {
        if (tokens.TryGetValue(id, out var token))
        {
            return normalizedTexts.GetValueOrDefault(id, token.Content);
        }

        var bytes = id < model.Vocabulary.Count ? model.Vocabulary[id] : [];
        return bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes);
    }
}
