using System.Buffers;
using static Llamax.Text.Segmentation.Jieba.JiebaStates;

namespace Llamax.Text.Segmentation.Jieba;

/// <summary>Cuts a run of Chinese characters that the dictionary does not know into words, by the place that each has in a word.</summary>
/// <param name="start">Log probability that a text begins in a state.</param>
/// <param name="transitions">Log probability to go from one state (row) to another.</param>
/// <param name="emissions">Log probability that a state shows a character, four for each from <see cref="FirstHan"/> to <see cref="LastHan"/>.</param>
internal sealed class JiebaHmm(double[] start, double[] transitions, double[] emissions)
{
    /// <summary>The log probability of what the tables lack, jieba's.</summary>
    public const double Never = -3.14e100;

    /// <summary>The first character that the tables are asked for.</summary>
    public const char FirstHan = '\u4E00';

    /// <summary>The last one.</summary>
    public const char LastHan = '\u9FD5';

    private const int Short = 512;

    /// <summary>Whether jieba counts the character as Chinese.</summary>
    public static bool IsHan(char character) => char.IsBetween(character, FirstHan, LastHan);

    /// <summary>The most probable states, by Viterbi's algorithm.</summary>
    /// <param name="text">Chinese characters only, at least one.</param>
    /// <param name="states">Receives the state of each.</param>
    public void Decode(ReadOnlySpan<char> text, Span<byte> states)
    {
        var rented = text.Length <= Short ? null : ArrayPool<byte>.Shared.Rent(text.Length);
        var before = rented ?? stackalloc byte[Short]; // One bit for each state: which of its two predecessors.
        var shown = Emissions(text[0]);
        var (begin, end, middle, alone) =
            (start[Begin] + shown[Begin], start[End] + shown[End], start[Middle] + shown[Middle], start[Alone] + shown[Alone]);
        for (var i = 1; i < text.Length; i++)
        {
            shown = Emissions(text[i]);
            var choices = 0;
            var newBegin = Better(end, End, alone, Alone, Begin, shown, ref choices);
            var newEnd = Better(begin, Begin, middle, Middle, End, shown, ref choices);
            var newMiddle = Better(begin, Begin, middle, Middle, Middle, shown, ref choices);
            var newAlone = Better(end, End, alone, Alone, Alone, shown, ref choices);
            (begin, end, middle, alone) = (newBegin, newEnd, newMiddle, newAlone);
            before[i] = (byte)choices;
        }

        var state = alone >= end ? Alone : End;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            states[i] = (byte)state;
            var later = ((before[i] >> state) & 1) != 0;
            state = state is Begin or Alone ? (later ? Alone : End) : (later ? Middle : Begin);
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// The better way into a state. What the tables lack is so improbable that it swallows the rest, so ways are often
    /// equal: the sums are made in jieba's order, and the later state is taken as jieba does.
    /// </summary>
    private double Better(double first, int firstState, double second, int secondState, int state, ReadOnlySpan<double> shown, ref int choices)
    {
        var a = first + transitions[(firstState * Count) + state] + shown[state];
        var b = second + transitions[(secondState * Count) + state] + shown[state];
        if (b >= a)
        {
            choices |= 1 << state;
            return b;
        }

        return a;
    }

    private ReadOnlySpan<double> Emissions(char character) => emissions.AsSpan((character - FirstHan) * Count, Count);
}
