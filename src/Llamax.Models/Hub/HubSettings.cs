using System.Globalization;
using System.Text.RegularExpressions;

namespace Llamax.Models.Hub;

/// <summary>
/// Which hub to load from and where to keep what was loaded. The variables are those of Python's huggingface_hub
/// (its documentation, "Environment variables"), so that both find the same files.
/// </summary>
public sealed partial record HubSettings
{
    /// <summary>The hub that is used where <c>HF_ENDPOINT</c> names no other.</summary>
    public const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The hub's address, without a slash at its end.</summary>
    public string Endpoint { get; init; } = DefaultEndpoint;

    /// <summary>Sent to the hub, and to nobody else; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>The folder of the repositories, shared with Python's huggingface_hub.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The folder of the files that come from an address of their own.</summary>
    public required string DownloadsFolder { get; init; }

    /// <summary>Whether the network is left alone.</summary>
    public bool Offline { get; init; }

    /// <summary>How long a connection may take to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a server may send nothing before it is asked again.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many times in a row something may fail without any progress.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>How many files are loaded side by side.</summary>
    public int ParallelFiles { get; init; } = 8;

    /// <summary>Reads the settings from the environment.</summary>
    /// <param name="variable">Gives a variable's value or null; the process's own environment where absent.</param>
    /// <exception cref="LlamaxException">A variable has a value that cannot be used.</exception>
    public static HubSettings FromEnvironment(Func<string, string?>? variable = null)
    {
        var read = variable ?? Environment.GetEnvironmentVariable;
        string? Value(string name) => read(name) is { Length: > 0 } value ? value : null;
        string Folder(string value) => Path.GetFullPath(Expanded(value, read));

        var cache = Value("XDG_CACHE_HOME") is { } named ? Folder(named) : Path.Combine(Home(read), ".cache");
        var home = Value("HF_HOME") is { } own ? Folder(own) : Path.Combine(cache, "huggingface");
        var settings = new HubSettings
        {
            Endpoint = CheckedEndpoint(Value("HF_ENDPOINT") ?? DefaultEndpoint),
            CacheFolder = (Value("HF_HUB_CACHE") ?? Value("HUGGINGFACE_HUB_CACHE")) is { } hub ? Folder(hub) : Path.Combine(home, "hub"),
            DownloadsFolder = Path.Combine(cache, "llamax", "downloads"),
            Offline = IsTrue(Value("HF_HUB_OFFLINE") ?? Value("TRANSFORMERS_OFFLINE")),
            Token = IsTrue(Value("HF_HUB_DISABLE_IMPLICIT_TOKEN"))
                ? null
                : Clean(Value("HF_TOKEN") ?? Value("HUGGING_FACE_HUB_TOKEN"), "HF_TOKEN")
                    ?? TokenOf(Value("HF_TOKEN_PATH") is { } file ? Folder(file) : Path.Combine(home, "token")),
        };
        if (Value("HF_HUB_DOWNLOAD_TIMEOUT") is { } seconds)
        {
            settings = int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 86400
                ? settings with { StallTimeout = TimeSpan.FromSeconds(number) }
                : throw new LlamaxException($"HF_HUB_DOWNLOAD_TIMEOUT is '{seconds}': expected whole seconds, from 1 to 86400.");
        }

        return settings;
    }

    private static string CheckedEndpoint(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address.Query.Length == 0 && address.UserInfo.Length == 0
            ? value.TrimEnd('/')
            : throw new LlamaxException($"HF_ENDPOINT is '{value}': expected the address of a hub, such as {DefaultEndpoint}.");

    private static string? TokenOf(string file)
    {
        try
        {
            return File.Exists(file) ? Clean(File.ReadAllText(file), file) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{file}: the hub's token cannot be read ({exception.Message.TrimEnd('.')}). Make it readable, or set HF_TOKEN.", exception);
        }
    }

    private static string? Clean(string? token, string place)
    {
        var clean = token?.Replace("\r", "").Replace("\n", "").Trim();
        return string.IsNullOrEmpty(clean)
            ? null
            : clean.All(character => character is > ' ' and < '\x7f') && clean.Length <= 4096
                ? clean
                : throw new LlamaxException($"{place} holds no token: expected letters and digits in one word, such as hf_….");
    }

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static string Home(Func<string, string?> read) =>
        read("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>A leading ~ and $NAME or ${NAME}, as a shell reads them; a name without a value stays as it is.</summary>
    private static string Expanded(string path, Func<string, string?> read)
    {
        var plain = path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Home(read) + path[1..] : path;
        return Variable().Replace(plain, match => read(match.Groups["name"].Value) ?? match.Value);
    }

    [GeneratedRegex(@"\$(?:\{(?<name>[^}]*)\}|(?<name>\w+))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
