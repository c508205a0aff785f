using System.Text.Json;
using System.Text.Json.Serialization;
using Llamax.Text.Files;
using Llamax.Translation.Translating;

namespace Llamax.Cli.Commands;

/// <summary>What <c>llamax translate</c> was asked for.</summary>
/// <param name="Model">The model's folder.</param>
/// <param name="From">Language of the input.</param>
/// <param name="To">Language to translate into.</param>
/// <param name="Input">The file to read; null for standard input.</param>
/// <param name="Output">What to write to; null for standard output.</param>
/// <param name="Json">Whether scores and all are printed.</param>
/// <param name="Options">How it is translated.</param>
internal sealed record TranslateJob(string Model, string From, string To, string? Input, string? Output, bool Json, TranslationOptions Options)
{
    private const string Streamed = "standard input or a pipe";

    private static readonly JsonSerializerOptions OptionNames = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>What messages call the input.</summary>
    public string InputName => Input ?? "standard input";

    /// <summary>Opens the input; refuses what cannot be read, and to write over it.</summary>
    public Stream OpenInput()
    {
        var place = Output is null ? null : OutputPlace.Of(Output);
        if (Input is null)
        {
            return Console.OpenStandardInput();
        }

        if (!File.Exists(Input))
        {
            throw new LlamaxException(Directory.Exists(Input) ? $"{Input} is a folder. Name a file to translate." : $"{Input}: there is no such file.");
        }

        if (place is { IsFile: true } && ResumableOutput.NamesFor(place.Path) is var (partial, settings)
            && OutputPlace.RealPath(Input) is var read && (read == place.Path || read == partial || read == settings))
        {
            throw new LlamaxException($"{Input} is the input, and --output {Output} would write over it: give another name.");
        }

        return File.OpenRead(Input);
    }

    /// <summary>Everything that a line of the output depends on, by the names that the user knows.</summary>
    /// <param name="source">The input; of one that cannot be read again the lines tell what it is.</param>
    /// <param name="wording">How the model is asked.</param>
    /// <param name="type">The number type of the computation.</param>
    public Dictionary<string, string> Settings(Stream source, string wording, string type)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INPUT"] = source.CanSeek ? Path.GetFullPath(Input!) : Streamed,
            ["--model"] = Path.GetFullPath(Model),
            ["--from"] = From,
            ["--to"] = To,
            ["--template"] = wording,
            ["--dtype"] = type,
            ["--json"] = Json ? "true" : "false",
            ["--sentence-tokens"] = $"{Options.SentenceTokens}",
            ["--loop-ngram"] = $"{Options.LoopNgram}",
        };
        if (source.CanSeek)
        {
            settings[settings["INPUT"]] = Told(FileStamp.Of(Input!));
        }

        if (Options.Via is not null)
        {
            settings["--via"] = Options.Via;
        }

        Add(settings, JsonSerializer.SerializeToElement(Options.Generation with { BatchTokens = 1 }, OptionNames)); // Results do not depend on it.
        foreach (var file in ModelStamp.Files(Model))
        {
            settings[file.FullName] = Told(FileStamp.Of(file.FullName));
        }

        return settings;
    }

    private static void Add(Dictionary<string, string> settings, JsonElement options)
    {
        foreach (var option in options.EnumerateObject())
        {
            if (option.Value.ValueKind == JsonValueKind.Object)
            {
                Add(settings, option.Value);
            }
            else if (option.Name != "batch-tokens")
            {
                settings[option.Name == "hypotheses" ? "--n-best" : $"--{option.Name}"] = option.Value.ToString();
            }
        }
    }

    private static string Told(FileStamp stamp) => $"{stamp.Length:N0} bytes, changed {stamp.ChangedUtc:O}";
}
