using System.Globalization;
using Llamax.Recipes;
using Spectre.Console;

namespace Llamax.Cli.Progress;

/// <summary>
/// Shows a run on stderr: on a terminal one live line below the finished ones, otherwise plain lines at intervals.
/// </summary>
internal sealed class RunProgress : IRunProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter output;
    private readonly TimeProvider clock;
    private readonly StatusContext? live;
    private readonly IAnsiConsole? console;
    private long shown;

    private RunProgress(TextWriter output, TimeProvider clock, IAnsiConsole? console, StatusContext? live) =>
        (this.output, this.clock, this.console, this.live, shown) = (output, clock, console, live, clock.GetTimestamp());

    /// <summary>Does the work with the progress that fits where stderr goes.</summary>
    public static T Show<T>(Func<IRunProgress, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(Plain(Console.Error, TimeProvider.System));
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Status().Start("", status => work(new RunProgress(Console.Error, TimeProvider.System, terminal, status)));
    }

    /// <summary>Progress in plain lines.</summary>
    public static RunProgress Plain(TextWriter output, TimeProvider clock) => new(output, clock, null, null);

    public void StageSkipped(string stage) => Line($"{stage}: up to date");

    public void StageStarted(string stage, bool resumes, string? reason) =>
        Line($"{stage}: {(resumes ? "going on from where it was interrupted" : reason is null ? "started" : $"started anew, because {reason}")}");

    public void StageFinished(string stage, TimeSpan elapsed) => Line($"{stage}: done in {Duration(elapsed)}");

    public void Note(string stage, string message) => Line($"{stage}: {message}");

    public void Advanced(string stage, string part, long done, long total, string detail)
    {
        var now = clock.GetTimestamp();
        if ((done != total || total == 0) && clock.GetElapsedTime(shown, now) < (live is null ? Interval : LiveInterval))
        {
            return;
        }

        shown = now;
        var line = $"{stage}: {part}: {done:N0}{(total > 0 ? $" of {total:N0}" : "")} · {detail}";
        if (live is null)
        {
            output.WriteLine(line);
        }
        else
        {
            live.Status = Markup.Escape(line);
        }
    }

    private void Line(string text)
    {
        if (console is null)
        {
            output.WriteLine(text);
        }
        else
        {
            console.WriteLine(text);
            live!.Status = "";
        }
    }

    private static string Duration(TimeSpan time) => time.TotalSeconds < 60
        ? time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s"
        : time.TotalHours < 1 ? $"{time:m\\:ss} min" : $"{(int)time.TotalHours}:{time:mm\\:ss} h";
}
