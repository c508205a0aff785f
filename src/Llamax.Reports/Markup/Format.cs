using Llamax.Text.Languages;

namespace Llamax.Reports.Markup;

/// <summary>How values are written for people.</summary>
internal static class Format
{
    /// <summary>A score with one decimal, bits per byte with two; a dot where there is none.</summary>
    public static string Score(double? score, string metric) => score is { } value ? value.ToString(Digits(metric)) : "·";

    /// <summary>A difference with its sign.</summary>
    public static string Difference(double? difference, string metric)
    {
        if (difference is not { } value)
        {
            return "·";
        }

        var text = Math.Abs(value).ToString(Digits(metric));
        var zero = text.All(c => c is '0' or '.');
        return zero ? text : (value < 0 ? "−" : "+") + text;
    }

    /// <summary>A share as a percentage with its sign.</summary>
    public static string Percent(double share)
    {
        var text = Math.Abs(share * 100).ToString("0.0");
        return (text == "0.0" ? "" : share < 0 ? "−" : "+") + text + " %";
    }

    /// <summary>Hours and minutes, minutes and seconds, or seconds.</summary>
    public static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes:00} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds:00} s"
        : time.TotalSeconds >= 10 ? $"{time.TotalSeconds:0} s"
        : $"{time.TotalSeconds:0.0} s";

    /// <summary>The English name of a language, or the code where it is not known.</summary>
    public static string Language(string code) => LanguageRegistry.Default.Find(code)?.Name ?? code;

    private static string Digits(string metric) => metric == Tables.ScoreTable.BitsPerByte ? "0.00" : "0.0";
}
