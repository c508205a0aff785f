using System.CommandLine;
using Llamax.Translation.Generation;

namespace Llamax.Cli.Commands;

/// <summary>The options of the verbs that let a model write: which model, where it computes, and how output is searched for.</summary>
internal sealed class SearchArguments : DeviceArguments
{
    private static readonly GenerationOptions Defaults = new();

    private readonly Option<int> beams;
    private readonly Option<int> maxNewTokens = new("--max-new-tokens")
    {
        Description = "Most tokens written per text.",
        DefaultValueFactory = _ => Defaults.MaxNewTokens,
    };
    private readonly Option<double> lengthPenalty = new("--length-penalty")
    {
        Description = "With several beams: rank by log-probability / (length ^ this).",
        DefaultValueFactory = _ => Defaults.LengthPenalty,
    };
    private readonly Option<string> earlyStopping = new("--early-stopping")
    {
        Description = "With several beams, when the search ends: false (nothing better in sight), true (enough are closed), never (nothing better possible).",
        DefaultValueFactory = _ => "false",
    };
    private readonly Option<double> repetitionPenalty = new("--repetition-penalty")
    {
        Description = "Above 1, what was read or written already becomes less likely.",
        DefaultValueFactory = _ => Defaults.RepetitionPenalty,
    };
    private readonly Option<int> noRepeatNgram = new("--no-repeat-ngram")
    {
        Description = "No sequence of so many tokens comes twice; 0 allows all.",
        DefaultValueFactory = _ => Defaults.NoRepeatNgram,
    };
    private readonly Option<double?> temperature = new("--temperature")
    {
        Description = "Draw the tokens instead of searching for the likeliest text: 1 as the model has them, less for likelier ones.",
    };
    private readonly Option<int?> topK = new("--top-k") { Description = "Draw the tokens, from this many of the likeliest only." };
    private readonly Option<double?> topP = new("--top-p") { Description = "Draw the tokens, from the likeliest that together reach this probability." };
    private readonly Option<long?> seed = new("--seed")
    {
        Description = $"Draw the tokens; the same seed gives the same text. {new SamplingOptions().Seed} where it is not given.",
    };

    public SearchArguments(int defaultBeams)
    {
        beams = new Option<int>("--beams")
        {
            Description = "Hypotheses followed side by side; 1 is greedy.",
            DefaultValueFactory = _ => defaultBeams,
        };
        earlyStopping.AcceptOnlyFromAmong("false", "true", "never");
        beams.Within<GenerationOptions>(nameof(GenerationOptions.Beams));
        maxNewTokens.Within<GenerationOptions>(nameof(GenerationOptions.MaxNewTokens));
        lengthPenalty.Within<GenerationOptions>(nameof(GenerationOptions.LengthPenalty));
        repetitionPenalty.Within<GenerationOptions>(nameof(GenerationOptions.RepetitionPenalty));
        noRepeatNgram.Within<GenerationOptions>(nameof(GenerationOptions.NoRepeatNgram));
        temperature.Within<SamplingOptions>(nameof(SamplingOptions.Temperature));
        topK.Within<SamplingOptions>(nameof(SamplingOptions.TopK));
        topP.Within<SamplingOptions>(nameof(SamplingOptions.TopP));
    }

    /// <summary>The folder of the model.</summary>
    public Option<string> Model { get; } = new("--model")
    {
        Description = "The model: a Hugging Face folder with its tokenizer.",
        HelpName = "DIR",
        Required = true,
    };

    public override void AddTo(Command command)
    {
        foreach (var option in new Option[] { Model, beams, maxNewTokens, lengthPenalty, earlyStopping, repetitionPenalty, noRepeatNgram, temperature, topK, topP, seed })
        {
            command.Options.Add(option);
        }

        base.AddTo(command);
    }

    public GenerationOptions Options(ParseResult parsed, int? batchTokens = null, int hypotheses = 1)
    {
        var sampling = Sampling(parsed);
        if (sampling is not null && parsed.GetResult(beams) is { Implicit: false } && parsed.GetValue(beams) != 1)
        {
            throw new LlamaxException("--beams searches, and --temperature, --top-k, --top-p and --seed draw: leave out the one or the others.");
        }

        if (sampling is not null || parsed.GetValue(beams) == 1)
        {
            ArgumentChecks.Refuse(
                parsed, [lengthPenalty, earlyStopping],
                sampling is null ? "decides between beams, and there is one" : "decides between beams, and --temperature, --top-k, --top-p and --seed draw a single text");
        }

        var options = new GenerationOptions
        {
            Beams = sampling is null ? parsed.GetValue(beams) : 1,
            Sampling = sampling,
            MaxNewTokens = parsed.GetValue(maxNewTokens),
            LengthPenalty = parsed.GetValue(lengthPenalty),
            EarlyStopping = Enum.Parse<EarlyStopping>(parsed.GetValue(earlyStopping)!, ignoreCase: true),
            RepetitionPenalty = parsed.GetValue(repetitionPenalty),
            NoRepeatNgram = parsed.GetValue(noRepeatNgram),
            Hypotheses = hypotheses,
            BatchTokens = batchTokens ?? Defaults.BatchTokens,
        };
        options.Validate();
        return options;
    }

    /// <summary>How to draw, or null where no option of drawing is given.</summary>
    private SamplingOptions? Sampling(ParseResult parsed)
    {
        if (!Array.Exists<Option>([temperature, topK, topP, seed], option => parsed.GetResult(option) is { Implicit: false }))
        {
            return null;
        }

        var defaults = new SamplingOptions();
        return new SamplingOptions
        {
            Temperature = parsed.GetValue(temperature) ?? defaults.Temperature,
            TopK = parsed.GetValue(topK) ?? defaults.TopK,
            TopP = parsed.GetValue(topP) ?? defaults.TopP,
            Seed = parsed.GetValue(seed) ?? defaults.Seed,
        };
    }
}
