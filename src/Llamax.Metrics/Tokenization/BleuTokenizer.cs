using System.Security.Cryptography;
using Llamax.Text.Tokenizers;

namespace Llamax.Metrics.Tokenization;

/// <summary>
/// Cuts a segment into the tokens that BLEU counts, and states in the signature how. Thread-safe. The rules are
/// sacreBLEU's (Post, 2018), its oddities included, since published scores rest on them.
/// </summary>
public abstract class BleuTokenizer
{
    /// <summary>mteval-v13a's rules, the usual choice for languages that write spaces.</summary>
    public static BleuTokenizer V13a { get; } = new V13aTokenizer();

    /// <summary>mteval-v14's rules: every Unicode punctuation mark and symbol stands alone.</summary>
    public static BleuTokenizer International { get; } = new InternationalTokenizer();

    /// <summary>Every character stands alone.</summary>
    public static BleuTokenizer Characters { get; } = new CharacterTokenizer();

    /// <summary>Every Chinese character stands alone, the rest follows 13a.</summary>
    public static BleuTokenizer Chinese { get; } = new ChineseTokenizer();

    /// <summary>Tokens are what spaces separate.</summary>
    public static BleuTokenizer None { get; } = new WhitespaceTokenizer();

    /// <summary>The tokenizers that go by a name alone: <c>13a intl char zh none</c>.</summary>
    public static IReadOnlyList<BleuTokenizer> Named { get; } = [V13a, International, Characters, Chinese, None];

    /// <summary>The name in the signature.</summary>
    public abstract string Name { get; }

    /// <summary>The pieces of a SentencePiece model: BLEU over them is spBLEU (Goyal et al., 2022).</summary>
    /// <param name="name">What the signature calls the model, for example <c>flores101</c>: letters, digits, '.', '_'
    /// and '-'. Scores can be compared only where the model is the same.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="LlamaxException">The name has other characters.</exception>
    public static BleuTokenizer SentencePiece(string name, SentencePieceTokenizer model) =>
        new PieceTokenizer(name, segment => model.EncodePieces(segment));

    /// <summary>The pieces of the SentencePiece model in a file. In the signature it goes by the file's name and the
    /// first eight digits of its SHA-256, <c>tokenizer-1a2b3c4d</c>, unless a name is given.</summary>
    /// <param name="path">The <c>.model</c> file.</param>
    /// <param name="name">What the signature calls it, or null.</param>
    /// <exception cref="LlamaxException">The file is not there or not a SentencePiece model.</exception>
    public static BleuTokenizer SentencePieceFile(string path, string? name = null)
    {
        var model = SentencePieceTokenizer.Load(path);
        if (name is null)
        {
            using var stream = File.OpenRead(path);
            var hash = Convert.ToHexStringLower(SHA256.HashData(stream))[..8];
            var stem = string.Concat(Path.GetFileNameWithoutExtension(path).Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'));
            name = $"{(stem.Length > 0 && char.IsAsciiLetterOrDigit(stem[0]) ? stem : "spm")}-{hash}";
        }

        return SentencePiece(name, model);
    }

    /// <summary>The tokenizer of that name.</summary>
    /// <param name="name">One of the names in <see cref="Named"/>.</param>
    /// <exception cref="LlamaxException">There is none of that name.</exception>
    public static BleuTokenizer Find(string name) => Named.FirstOrDefault(tokenizer => tokenizer.Name == name)
        ?? throw new LlamaxException(
            $"Unknown BLEU tokenizer '{name}'; known are {string.Join(", ", Named.Select(tokenizer => tokenizer.Name))}.");

    /// <summary>The tokens of a segment, none of them empty.</summary>
    /// <param name="segment">One line of text.</param>
    public abstract IReadOnlyList<string> Tokenize(string segment);
}
