using System.ComponentModel.DataAnnotations;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training;

namespace Llamax.Text.Tokenizers;

/// <summary>
/// Trains a byte-pair encoding on sentences and writes it as a SentencePiece <c>.model</c> file, laid out as the
/// SentencePiece library does: control symbols, user symbols, bytes, merges in the order of their making, characters by
/// frequency. The same sentences give the same bytes, in whatever order they come.
/// </summary>
public sealed class BpeTrainer
{
    private readonly BpeTrainerOptions options;

    /// <summary>Prepares a trainer.</summary>
    /// <param name="options">How to train.</param>
    /// <exception cref="LlamaxException">An option is out of its range.</exception>
    public BpeTrainer(BpeTrainerOptions options)
    {
        this.options = options;
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new LlamaxException("Tokenizer training: " + string.Join(" ", problems.Select(problem => problem.ErrorMessage)));
        }
    }

    /// <summary>Trains on the sentences and writes the model.</summary>
    /// <param name="sentences">The corpus, one line each; read once.</param>
    /// <param name="path">The <c>.model</c> file to write.</param>
    /// <param name="cancellationToken">Ends the training; nothing is written then.</param>
    /// <returns>The trained tokenizer.</returns>
    /// <exception cref="LlamaxException">The corpus is too small or has too many characters for the vocabulary size.</exception>
    public SentencePieceTokenizer Train(IEnumerable<string> sentences, string path, CancellationToken cancellationToken = default)
    {
        var model = Train(sentences, cancellationToken);
        AtomicFile.Write(path, stream => SentencePieceModelWriter.Write(stream, model, TrainerSpec()));
        return new SentencePieceTokenizer(model);
    }

    internal SentencePieceModel Train(IEnumerable<string> sentences, CancellationToken cancellationToken)
    {
        var normalizer = new NormalizerSpec
        {
            Name = "identity",
            AddDummyPrefix = options.AddDummyPrefix,
            RemoveExtraWhitespaces = options.RemoveExtraWhitespaces,
        };
        var pieces = ReservedPieces();
        var corpus = new Corpus(options, normalizer, pieces.Select(piece => piece.Text));
        foreach (var sentence in sentences)
        {
            cancellationToken.ThrowIfCancellationRequested();
            corpus.Add(sentence);
        }

        var alphabet = corpus.Alphabet();
        var merges = options.VocabularySize - pieces.Count - alphabet.Count;
        if (merges < 0)
        {
            throw new LlamaxException(
                $"Tokenizer training: a vocabulary of {options.VocabularySize} is too small for {pieces.Count} reserved pieces and "
                + $"{alphabet.Count} characters. Raise vocabulary_size to at least {pieces.Count + alphabet.Count}, or lower "
                + $"character_coverage ({options.CharacterCoverage}).");
        }

        var learner = new MergeLearner(corpus.Words, alphabet, new PieceRules(options));
        for (var rank = 0; rank < merges; rank++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pieces.Add(learner.Next() is { } text
                ? new Piece(text, -rank, PieceType.Normal)
                : throw new LlamaxException(
                    $"Tokenizer training: the corpus yields only {pieces.Count + alphabet.Count} pieces. Lower vocabulary_size "
                    + $"({options.VocabularySize}) to that, or give more text."));
        }

        pieces.AddRange(alphabet.Select((character, i) =>
            new Piece(char.ConvertFromUtf32(character), -(merges + i), PieceType.Normal)));
        return new SentencePieceModel
        {
            Pieces = pieces,
            Type = ModelType.Bpe,
            ByteFallback = options.ByteFallback,
            Normalizer = normalizer,
        };
    }

    private List<Piece> ReservedPieces()
    {
        List<Piece> pieces =
            [new("<unk>", 0, PieceType.Unknown), new("<s>", 0, PieceType.Control), new("</s>", 0, PieceType.Control)];
        if (options.PadSymbol)
        {
            pieces.Add(new("<pad>", 0, PieceType.Control));
        }

        pieces.AddRange(options.UserSymbols.Select(symbol => new Piece(symbol, 0, PieceType.UserDefined)));
        if (options.ByteFallback)
        {
            pieces.AddRange(Enumerable.Range(0, 256).Select(value => new Piece(Piece.ForByte(value), 0, PieceType.Byte)));
        }

        var wrong = pieces.Select(piece => piece.Text).FirstOrDefault(text => text.Length == 0)
            ?? pieces.GroupBy(piece => piece.Text).FirstOrDefault(group => group.Count() > 1)?.Key;
        return wrong is null ? pieces : throw new LlamaxException(
            $"Tokenizer training: the user symbol '{wrong}' is empty, reserved or there twice. Take it from user_symbols.");
    }

    /// <summary>The trainer_spec message; the field numbers are those of sentencepiece_model.proto.</summary>
    private ProtobufWriter TrainerSpec()
    {
        var spec = new ProtobufWriter();
        spec.Field(3, (int)ModelType.Bpe);
        spec.Field(4, options.VocabularySize);
        spec.Field(10, (float)options.CharacterCoverage);
        spec.Field(20, options.MaxPieceLength);
        spec.Field(21, options.SplitByUnicodeScript);
        spec.Field(22, options.SplitByWhitespace);
        spec.Field(23, options.SplitByNumber);
        spec.Field(25, options.SplitDigits);
        foreach (var symbol in options.UserSymbols)
        {
            spec.Field(31, symbol);
        }

        spec.Field(35, options.ByteFallback);
        spec.Field(40, 0);
        spec.Field(41, 1);
        spec.Field(42, 2);
        spec.Field(43, options.PadSymbol ? 3 : -1);
        return spec;
    }
}
