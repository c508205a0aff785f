using System.CommandLine;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary>The options of <c>llamax tokenizer train</c> that say how to train.</summary>
internal sealed class TokenizerTrainArguments
{
    private static readonly BpeTrainerOptions Defaults = new();
    private static readonly UnigramTrainerOptions UnigramDefaults = new();

    private readonly Option<string> type = new("--type") { Description = "Kind of model.", DefaultValueFactory = _ => "bpe" };
    private readonly Option<int> size = new("--vocabulary-size") { Description = "Number of pieces, bytes and control symbols included.", Required = true };
    private readonly Option<double> coverage = Value("--character-coverage", Defaults.CharacterCoverage, "Share of the characters that get a piece of their own; the rest is left to bytes.");
    private readonly Option<string[]> symbols = new("--user-symbol") { Description = "A string that always is one piece; may be given again.", HelpName = "TEXT" };
    private readonly Option<string[]> controls = new("--control-symbol") { Description = "A piece that no text turns into; may be given again.", HelpName = "TEXT" };
    private readonly Option<int> length = Value("--max-piece-length", Defaults.MaxPieceLength, "Characters in the longest piece.");
    private readonly Option<string> normalizer = TokenizerTrainCommand.NormalizerOption();
    private readonly Option<string> normalizerFrom = TokenizerTrainCommand.NormalizerFromOption();
    private readonly Option<bool> pad = Flag("--pad", "Add <pad> as id 3.");
    private readonly Option<bool> digits = Flag("--split-digits", "Make every digit a piece of its own, as LLaMA does.");
    private readonly Option<bool> noBytes = Flag("--no-byte-fallback", "Leave the 256 bytes out: rare characters become <unk>.");
    private readonly Option<bool> mixScripts = Flag("--mix-scripts", "Allow several Unicode scripts in one piece.");
    private readonly Option<bool> mixNumbers = Flag("--mix-numbers", "Allow digits and letters in one piece.");
    private readonly Option<bool> crossSpaces = Flag("--cross-spaces", "Allow pieces that reach over a space.");
    private readonly Option<bool> noPrefix = Flag("--no-dummy-prefix", "Do not put a space before each text.");
    private readonly Option<bool> removeSpaces = Flag("--remove-extra-whitespaces", "Drop spaces at the ends and doubled ones.");
    private readonly Option<int> maxSentenceBytes = Value("--max-sentence-bytes", Defaults.MaxSentenceBytes, "Longer sentences are left out.");
    private readonly Option<int> maxSentences = Value("--max-sentences", 0, "Use at most so many sentences, drawn at random from all; 0 for all.");
    private readonly Option<long> maxBytes = Value("--max-bytes", 0L, "Use at most so many bytes of sentences (64 more for each one), drawn at random from all and held in memory; 0 for all.");
    private readonly Option<long> seed = Value("--seed", Defaults.SamplingSeed, "Seed of the draws.");
    private readonly Option<int> seedPieces = Value("--seed-pieces", UnigramDefaults.SeedPieces, "Unigram: number of candidates at the start.");
    private readonly Option<double> shrinking = Value("--shrinking-factor", UnigramDefaults.ShrinkingFactor, "Unigram: share of the pieces that each round keeps.");
    private readonly Option<int> steps = Value("--sub-iterations", UnigramDefaults.SubIterations, "Unigram: steps of expectation maximisation in each round.");

    /// <summary>Adds the options to their verb.</summary>
    public void AddTo(Command command)
    {
        type.AcceptOnlyFromAmong("bpe", "unigram");
        size.Within<TokenizerTrainerOptions>(nameof(TokenizerTrainerOptions.VocabularySize));
        coverage.Within<TokenizerTrainerOptions>(nameof(TokenizerTrainerOptions.CharacterCoverage));
        length.Within<TokenizerTrainerOptions>(nameof(TokenizerTrainerOptions.MaxPieceLength));
        maxSentenceBytes.Within<TokenizerTrainerOptions>(nameof(TokenizerTrainerOptions.MaxSentenceBytes));
        maxSentences.Within<TokenizerTrainerOptions>(nameof(TokenizerTrainerOptions.MaxSentences));
        maxBytes.Within<TokenizerTrainerOptions>(nameof(TokenizerTrainerOptions.MaxBytes));
        seedPieces.Within<UnigramTrainerOptions>(nameof(UnigramTrainerOptions.SeedPieces));
        shrinking.Within<UnigramTrainerOptions>(nameof(UnigramTrainerOptions.ShrinkingFactor));
        steps.Within<UnigramTrainerOptions>(nameof(UnigramTrainerOptions.SubIterations));
        Option[] all =
        [
            type, size, coverage, symbols, controls, length, normalizer, normalizerFrom, pad, digits, noBytes, mixScripts, mixNumbers,
            crossSpaces, noPrefix, removeSpaces, maxSentenceBytes, maxSentences, maxBytes, seed, seedPieces, shrinking, steps,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The trainer that the options ask for.</summary>
    /// <exception cref="LlamaxException">Two options do not go together, or one is out of its range.</exception>
    public TokenizerTrainer Trainer(ParseResult parsed, int threads, IProgress<TrainingProgress> progress)
    {
        var from = parsed.GetValue(normalizerFrom);
        if (parsed.GetValue(maxSentences) == 0 && parsed.GetValue(maxBytes) == 0)
        {
            ArgumentChecks.Refuse(parsed, [seed], "draws sentences, and neither --max-sentences nor --max-bytes says how many");
        }

        ArgumentChecks.Refuse(parsed, from is null ? [] : [normalizer, noPrefix, removeSpaces], "is what --normalizer-from takes from the other model");
        if (parsed.GetValue(type) == "bpe")
        {
            ArgumentChecks.Refuse(parsed, [seedPieces, shrinking, steps], "belongs to --type unigram");
            return new BpeTrainer((BpeTrainerOptions)Common(parsed, new BpeTrainerOptions())) { Threads = threads, NormalizerFrom = from, Progress = progress };
        }

        var options = (UnigramTrainerOptions)Common(parsed, new UnigramTrainerOptions());
        return new UnigramTrainer(options with
        {
            SeedPieces = parsed.GetValue(seedPieces),
            ShrinkingFactor = parsed.GetValue(shrinking),
            SubIterations = parsed.GetValue(steps),
        })
        { Threads = threads, NormalizerFrom = from, Progress = progress };
    }

    private TokenizerTrainerOptions Common(ParseResult parsed, TokenizerTrainerOptions options) => options with
    {
        VocabularySize = parsed.GetValue(size),
        CharacterCoverage = parsed.GetValue(coverage),
        UserSymbols = parsed.GetValue(symbols) ?? [],
        ControlSymbols = parsed.GetValue(controls) ?? [],
        MaxPieceLength = parsed.GetValue(length),
        Normalizer = parsed.GetRequiredValue(normalizer),
        PadSymbol = parsed.GetValue(pad),
        SplitDigits = parsed.GetValue(digits),
        ByteFallback = !parsed.GetValue(noBytes),
        SplitByUnicodeScript = !parsed.GetValue(mixScripts),
        SplitByNumber = !parsed.GetValue(mixNumbers),
        SplitByWhitespace = !parsed.GetValue(crossSpaces),
        AddDummyPrefix = !parsed.GetValue(noPrefix),
        RemoveExtraWhitespaces = parsed.GetValue(removeSpaces),
        MaxSentenceBytes = parsed.GetValue(maxSentenceBytes),
        MaxSentences = parsed.GetValue(maxSentences),
        MaxBytes = parsed.GetValue(maxBytes),
        SamplingSeed = parsed.GetValue(seed),
    };

    private static Option<T> Value<T>(string name, T value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
