using Llamax.Models.Native;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// Our beam search beside the plain one and beside the machine's limits. Weights are random and made on the spot; what is
/// translated are lines of FLORES in the Alpaca prompt, and each text ends at the length of its reference.
/// </summary>
internal static class BeamSearchComparison
{
    private const string Usage = "beam-search [5M|41M|110M] [--lines N] [--rounds N] [--shared DIR], or beam-search profile|growth [--lines N] [--shared DIR]";

    /// <summary>See <see cref="Usage"/>; the folder holds <c>data/tokenizers</c> and <c>data/flores</c>.</summary>
    public static int Run(string[] arguments)
    {
        var shared = Option("--shared") ?? Path.Combine("..", "shared");
        if (BeamSearchTask.Missing(shared) is { } missing)
        {
            Console.Error.WriteLine($"beam-search: {missing} is not there. Name the folder that holds data/flores and data/tokenizers with --shared.");
            return 2;
        }

        var what = arguments is [var first, ..] && !first.StartsWith('-') ? first : "41M";
        int? lines = Option("--lines") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
        var rounds = Option("--rounds") is { } count ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 1;
        Console.WriteLine($"{Surroundings.Describe()}, {TorchThreadCount()} threads");
        switch (what)
        {
            case "profile":
                BeamSearchProfile.Run(shared, lines ?? 16);
                return 0;
            case "growth":
                BeamSearchGrowth.Run(shared, lines is { } one ? [one] : [100, 1000, 10_000]);
                return 0;
            default:
                if (BeamSearchModels.Find(what) is not { } config)
                {
                    Console.Error.WriteLine($"beam-search: '{what}' is none of its parts. {Usage}");
                    return 2;
                }

                BeamSearchSpeed.Run(what, config, shared, lines ?? (what == "110M" ? 256 : 64), rounds);
                return 0;
        }

        string? Option(string name) => Array.IndexOf(arguments, name) is >= 0 and var i && i + 1 < arguments.Length ? arguments[i + 1] : null;
    }

    private static int TorchThreadCount()
    {
        LibTorch.EnsureLoaded();
        return TorchSharp.torch.get_num_threads();
    }
}
