namespace Llamax.Translation.Translating;

/// <summary>Finds output that ends in circles, as models do that have lost the thread.</summary>
internal static class LoopFinder
{
    private const int LongestPeriod = 48;

    /// <summary>Rounds from which on it is a circle.</summary>
    private const int Rounds = 4;

    /// <summary>Tokens of all rounds together from which on it is a circle, and no list or laughter.</summary>
    private const int Tokens = 16;

    /// <summary>How many tokens a round has at the end of a text; 0 where it does not go round in circles.</summary>
    /// <param name="ids">The text.</param>
    public static int Period(IReadOnlyList<int> ids)
    {
        for (var period = 1; period <= Math.Min(LongestPeriod, ids.Count / Rounds); period++)
        {
            var same = 0;
            while (same + period < ids.Count && ids[^(same + 1)] == ids[^(same + 1 + period)])
            {
                same++;
            }

            if (same + period >= Math.Max(Tokens, Rounds * period))
            {
                return period;
            }
        }

        return 0;
    }
}
