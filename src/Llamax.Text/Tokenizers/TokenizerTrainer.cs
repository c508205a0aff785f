using System.ComponentModel.DataAnnotations;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training;
using Llamax.Text.Tokenizers.Training.Normalization;

namespace Llamax.Text.Tokenizers;

/// <summary>
/// Trains a tokenizer on sentences and writes it as a SentencePiece <c>.model</c> file, laid out as the SentencePiece
/// library does: control symbols, user symbols, bytes, then what was learnt. The same sentences give the same bytes, in
/// whatever order they come and with any number of threads, as long as none have to be drawn from.
/// </summary>
/// <remarks>
/// Memory hangs on the number of different words, not on the length of the corpus: beyond 24 MiB of different words
/// those that are rare are drawn from, so that training stays under 2 GB besides the sample, whatever is read.
/// </remarks>
public abstract class TokenizerTrainer
{
    private const int MaximumWordText = 24 << 20;

    private readonly TokenizerTrainerOptions options;

    private protected TokenizerTrainer(TokenizerTrainerOptions options)
    {
        this.options = options;
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new LlamaxException("Tokenizer training: " + string.Join(" ", problems.Select(problem => problem.ErrorMessage)));
        }
    }

    /// <summary>Threads to work with; they change nothing but the time. Default: one for each core.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>A SentencePiece model whose normalisation is taken, whitespace rules included, in place of the one that the options name.</summary>
    public string? NormalizerFrom { get; init; }

    /// <summary>Is told how far the training is; null for nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    private protected abstract ModelType Type { get; }

    /// <summary>Trains on the sentences and writes the model.</summary>
    /// <param name="sentences">The corpus, one line each; read once.</param>
    /// <param name="path">The <c>.model</c> file to write.</param>
    /// <param name="cancellationToken">Ends the training; nothing is written then.</param>
    /// <returns>The trained tokenizer.</returns>
    /// <exception cref="LlamaxException">The corpus is too small or has too many characters for the vocabulary size.</exception>
    public SentencePieceTokenizer Train(IEnumerable<string> sentences, string path, CancellationToken cancellationToken = default) =>
        new(TrainAndWrite(sentences, path, cancellationToken));

    /// <summary>Trains on the sentences and writes the model and the list of its pieces, for whom the files are enough.</summary>
    /// <param name="sentences">The corpus, one line each; read once.</param>
    /// <param name="path">The <c>.model</c> file to write.</param>
    /// <param name="list">The <c>.vocab</c> file to write: piece, tab, score.</param>
    /// <param name="cancellationToken">Ends the training; nothing is written then.</param>
    /// <returns>Number of pieces.</returns>
    /// <exception cref="LlamaxException">The corpus is too small or has too many characters for the vocabulary size.</exception>
    public int Write(IEnumerable<string> sentences, string path, string list, CancellationToken cancellationToken = default)
    {
        var model = TrainAndWrite(sentences, path, cancellationToken);
        AtomicFile.WriteText(list, PieceListConverter.ToText(model.Pieces), cancellationToken);
        return model.Pieces.Count;
    }

    private SentencePieceModel TrainAndWrite(IEnumerable<string> sentences, string path, CancellationToken cancellationToken)
    {
        var model = Train(sentences, cancellationToken);
        AtomicFile.Write(path, stream => SentencePieceModelWriter.Write(stream, model, TrainerSpec()), cancellationToken);
        return model;
    }

    internal SentencePieceModel Train(IEnumerable<string> sentences, CancellationToken cancellationToken)
    {
        var normalizer = NormalizerChoice.Of(options.Normalizer, NormalizerFrom);
        if (NormalizerFrom is null)
        {
            normalizer = normalizer with { AddDummyPrefix = options.AddDummyPrefix, RemoveExtraWhitespaces = options.RemoveExtraWhitespaces };
        }

        var pieces = ReservedPieces();
        var counter = new WordCounter(options, normalizer, Array.ConvertAll(pieces, piece => piece.Text), MaximumWordText);
        var sampler = new SentenceSampler(options);
        counter.Count(Observed(sampler.Choose(sentences), sampler), Threads, cancellationToken);

        var alphabet = TrainingCorpus.AlphabetOf(counter.Characters, options.CharacterCoverage);
        var learnt = options.VocabularySize - pieces.Length;
        if (learnt < alphabet.Count)
        {
            throw new LlamaxException(
                $"Tokenizer training: a vocabulary of {options.VocabularySize} is too small for {pieces.Length} reserved pieces and "
                + $"{alphabet.Count} characters. Raise vocabulary_size to at least {pieces.Length + alphabet.Count}, or lower "
                + $"character_coverage ({options.CharacterCoverage}).");
        }

        var found = Learn(counter.Words, counter.Characters, alphabet, learnt, cancellationToken);
        return found.Length == learnt
            ? new SentencePieceModel
            {
                Pieces = (Piece[])[.. pieces, .. found],
                Type = Type,
                ByteFallback = options.ByteFallback,
                Normalizer = normalizer,
            }
            : throw new LlamaxException(
                $"Tokenizer training: the corpus yields only {pieces.Length + found.Length} pieces. Lower vocabulary_size "
                + $"({options.VocabularySize}) to that, or give more text.");

        IEnumerable<string> Observed(IEnumerable<string> chosen, SentenceSampler sampler)
        {
            foreach (var sentence in chosen)
            {
                yield return sentence;
                if ((sampler.Seen & 0xFFF) == 0)
                {
                    Progress?.Report(new TrainingProgress(TrainingStage.Reading, sampler.Seen, 0, sampler.TooLong));
                }
            }

            Progress?.Report(new TrainingProgress(TrainingStage.Reading, sampler.Seen, sampler.Seen, sampler.TooLong));
        }
    }

    /// <summary>Finds the pieces, characters included, in the order in which the model holds them.</summary>
    /// <param name="words">What to learn from.</param>
    /// <param name="characters">How often each character stands in the corpus.</param>
    /// <param name="alphabet">Those that take part, the most frequent first.</param>
    /// <param name="count">How many pieces are wanted; fewer come where the corpus does not yield them.</param>
    /// <param name="cancellation">Ends the training.</param>
    private protected abstract Piece[] Learn(
        WordTable words, CharacterCounts characters, List<int> alphabet, int count, CancellationToken cancellation);

    private protected virtual void DescribeTraining(ProtobufWriter spec)
    {
    }

    private Piece[] ReservedPieces()
    {
        var pieces = new Piece[3 + (options.PadSymbol ? 1 : 0) + options.ControlSymbols.Count + options.UserSymbols.Count + (options.ByteFallback ? 256 : 0)];
        var (count, seen) = (0, new HashSet<string> { "" });
        Add("<unk>", PieceType.Unknown);
        Add("<s>", PieceType.Control);
        Add("</s>", PieceType.Control);
        if (options.PadSymbol)
        {
            Add("<pad>", PieceType.Control);
        }

        foreach (var symbol in options.ControlSymbols)
        {
            Add(symbol, PieceType.Control);
        }

        foreach (var symbol in options.UserSymbols)
        {
            Add(symbol, PieceType.UserDefined);
        }

        for (var value = 0; count < pieces.Length; value++)
        {
            Add(Piece.ForByte(value), PieceType.Byte);
        }

        return pieces;

        void Add(string text, PieceType type) =>
            pieces[count++] = seen.Add(text) ? new Piece(text, 0, type) : throw new LlamaxException(
                $"Tokenizer training: the user symbol '{text}' is empty, reserved or there twice. Take it from user_symbols or control_symbols.");
    }

    /// <summary>The trainer_spec message; the field numbers are those of sentencepiece_model.proto.</summary>
    private ProtobufWriter TrainerSpec()
    {
        var spec = new ProtobufWriter();
        spec.Field(3, (int)Type);
        spec.Field(4, options.VocabularySize);
        spec.Field(10, (float)options.CharacterCoverage);
        DescribeTraining(spec);
        spec.Field(20, options.MaxPieceLength);
        spec.Field(21, options.SplitByUnicodeScript);
        spec.Field(22, options.SplitByWhitespace);
        spec.Field(23, options.SplitByNumber);
        spec.Field(25, options.SplitDigits);
        foreach (var symbol in options.ControlSymbols)
        {
            spec.Field(30, symbol);
        }

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
