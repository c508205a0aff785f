using System.ComponentModel.DataAnnotations;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>
/// Adds language-specific pieces to a SentencePiece BPE model, as section 3.1 of the LLaMAX paper does, by going on with
/// its training on a corpus of the language. Old pieces keep their ids, and texts of other scripts keep their tokens.
/// The same corpus gives the same bytes, in whatever order its lines come.
/// </summary>
public sealed class VocabularyExtender
{
    private readonly string file;
    private readonly byte[] content;
    private readonly SentencePieceModel model;
    private readonly ExtensionOptions options;

    /// <summary>Reads the base.</summary>
    /// <param name="baseModel">A SentencePiece <c>.model</c> file of a BPE, or a folder with <c>tokenizer.model</c> in it.</param>
    /// <param name="options">What to add.</param>
    /// <exception cref="LlamaxException">The base cannot be read or is no BPE, or an option is out of its range.</exception>
    public VocabularyExtender(string baseModel, ExtensionOptions options)
    {
        this.options = options;
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new LlamaxException("Vocabulary extension: " + string.Join(" ", problems.Select(problem => problem.ErrorMessage)));
        }

        if (options is { AnyScript: true, Scripts.Count: > 0 })
        {
            throw new LlamaxException("Vocabulary extension: give --script or --any-script, not both.");
        }

        file = Directory.Exists(baseModel) ? Path.Combine(baseModel, "tokenizer.model") : baseModel;
        model = SentencePieceModelReader.Read(file);
        content = File.ReadAllBytes(file);
        if (model.Type != ModelType.Bpe)
        {
            throw new LlamaxException(
                $"{file} is a {model.Type.ToString().ToLowerInvariant()} model, and only BPE models can be extended: its pieces' scores are the order "
                + "of merges, which goes on at the end. In a unigram model they are probabilities, and new pieces would change how every text is cut.");
        }
    }

    /// <summary>Learns the new pieces.</summary>
    /// <param name="lines">The corpus; read once.</param>
    /// <param name="cancellationToken">Ends the learning.</param>
    /// <exception cref="LlamaxException">The corpus does not yield that many pieces; the message says how many it does.</exception>
    public VocabularyExtension Extend(IEnumerable<string> lines, CancellationToken cancellationToken = default)
    {
        var words = new BaseWords(model);
        foreach (var line in lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            words.Add(line);
        }

        var scripts = new PieceScripts(options, words);
        var learner = new PieceLearner(model, words, scripts, options.MinimumCount);
        var before = WithoutPrefix();
        var pieces = new List<NewPiece>(Math.Min(options.NewTokens, 1 << 16));
        while (pieces.Count < options.NewTokens)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (learner.Next() is not { } next)
            {
                throw new LlamaxException(
                    $"Vocabulary extension: the corpus yields {pieces.Count:N0} new pieces of {string.Join(", ", scripts.Names)} that occur at least "
                    + $"{options.MinimumCount:N0} times, and {options.NewTokens:N0} were asked for. Lower --new-tokens, give more text"
                    + (options.MinimumCount > 1 ? ", or lower --min-count." : ", or raise --max-piece-length."));
            }

            pieces.Add(new NewPiece(model.Pieces.Count + pieces.Count, next.Text, next.Saved, before.Encode(next.Text)));
        }

        var size = model.Pieces.Count + pieces.Count;
        var extended = ExtendedModelFile.Append(content, pieces.Select(piece => piece.Text).Zip(Scores()), size);
        return new VocabularyExtension(file, content, extended, model.Pieces.Count, pieces, scripts.Names);
    }

    /// <summary>Falling scores below all of the base's.</summary>
    private IEnumerable<float> Scores()
    {
        for (var score = model.Pieces.Min(piece => piece.Score); ;)
        {
            score = Math.Min(score - 1, MathF.BitDecrement(score)); // The second where 1 is less than the number's precision.
            yield return float.IsFinite(score) ? score
                : throw new LlamaxException($"{file}: its lowest score is {model.Pieces.Min(piece => piece.Score)}, and there is no number below it for new pieces.");
        }
    }

    /// <summary>The base for text that is normalised already.</summary>
    private SentencePieceTokenizer WithoutPrefix() => new(model with
    {
        Normalizer = new NormalizerSpec { AddDummyPrefix = false, RemoveExtraWhitespaces = false, EscapeWhitespaces = model.Normalizer.EscapeWhitespaces },
        TreatWhitespaceAsSuffix = false,
    });
}
