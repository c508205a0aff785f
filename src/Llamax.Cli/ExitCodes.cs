using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Llamax.Distributed;

namespace Llamax.Cli;

/// <summary>The exit codes that scripts may rely on, and the one place that turns failures into them.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A check ran and failed.</summary>
    public const int CheckFailed = 1;

    /// <summary>Something that the user can mend, bad arguments included.</summary>
    public const int UserError = 2;

    /// <summary>A bug, printed with its stack trace.</summary>
    public const int Bug = 70;

    /// <summary>Ended by Ctrl+C with the state saved.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read the output went away, as <c>head</c> does: what a shell says of programs that a broken pipe ends.</summary>
    public const int BrokenPipe = 141;

    /// <summary>Ended by SIGTERM with the state saved.</summary>
    public const int Terminated = 143;

    /// <summary>A signal so soon after the first is the same one: `timeout` sends it to the process and then to its group.</summary>
    private static readonly TimeSpan OneSignal = TimeSpan.FromSeconds(1);

    /// <summary>Parses the arguments. One that begins with @ is itself: nothing in the help speaks of files with arguments in them.</summary>
    public static ParseResult Parse(RootCommand root, string[] args) => root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Parses the arguments, runs the verb, and prints each failure as its kind deserves.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = Parse(root, args);
        var mistakes = ParseMessages.Of(parsed);
        if (mistakes.Count > 0)
        {
            foreach (var mistake in mistakes)
            {
                await Console.Error.WriteLineAsync($"llamax: {mistake}");
            }

            return UserError;
        }

        using var cancellation = new CancellationTokenSource();
        var (signal, first) = (Done, 0L);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, Terminated));
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellation.Token);
        }
        catch (OperationCanceledException) when (signal != Done)
        {
            return signal;
        }
        catch (Exception exception) when (exception is LlamaxException or DistributedException)
        {
            await Console.Error.WriteLineAsync($"llamax: {exception.Message}");
            return UserError;
        }
        catch (IOException exception) when (StandardStreams.IsBrokenPipe(exception))
        {
            return BrokenPipe;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk, a folder without the right to write, a file where a folder should be: the system's message names it.
            await Console.Error.WriteLineAsync($"llamax: {exception.Message}");
            return UserError;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"llamax: this is a bug, please report it with the output of `llamax doctor`.\n{exception}");
            return Bug;
        }

        void Stop(PosixSignalContext context, int code)
        {
            // What hangs where nobody looks at the token is ended by a second signal, as if there were no handler.
            context.Cancel = signal == Done || Stopwatch.GetElapsedTime(first) < OneSignal;
            if (signal == Done)
            {
                (signal, first) = (code, Stopwatch.GetTimestamp());
                cancellation.Cancel();
            }
        }
    }
}
