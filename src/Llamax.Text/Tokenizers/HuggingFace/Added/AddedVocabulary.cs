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
    private readonly List<AddedToken> specialTokens = [];
    private readonly List<AddedToken> otherTokens = [];
    private readonly Dictionary<int, string> normalizedTexts = [];
    private readonly HashSet<string> specialNames = new(StringComparer.Ordinal);
    private int next;

    /// <summary>Prepares an empty list.</summary>
    public AddedVocabulary(WordModel model) => (this.model, next) = (model, model.TokenCount);

    /// <summary>Number of ids, the model's included.</summary>
    public int IdCount => Math.Max(model.Vocabulary.Count, ids.Count == 0 ? 0 : ids.Values.Max() + 1);

    /// <summary>The tokens in the order in which they are looked for.</summary>
    public IEnumerable<AddedToken> All => specialTokens.Concat(otherTokens);

    /// <summary>Adds a token; does nothing where the very same one is there.</summary>
    public void Add(AddedToken token)
    {
        if (token.Content.Length == 0 || (ids.TryGetValue(token.Content, out var known) && tokens[known] == token))
        {
            return;
        }

        if (token.Special && specialNames.Add(token.Content))
        {
            specialTokens.Add(token);
        }

        var id = Find(token.Content) ?? next;
        ids[token.Content] = id;
        tokens[id] = token;
        next = id < next ? next : id + 1;
        if (!specialNames.Contains(token.Content))
        {
            otherTokens.Add(token);
        }
    }

    /// <summary>Says what a token is as text, where that is not its name but its name normalised, as in the library.</summary>
    public void SetText(int id, string text) => normalizedTexts[id] = text;

    /// <summary>The added token of an id, or null.</summary>
    public AddedToken? Token(int id) => tokens.GetValueOrDefault(id);

    /// <summary>Whether a text is the name of a special token.</summary>
    public bool IsSpecial(string name) => specialNames.Contains(name);

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
