using System.CommandLine;
using Llamax.Corpora.Readers;

namespace Llamax.Cli.Commands;

/// <summary><c>--invalid-utf8</c>: what becomes of lines of a corpus that are not UTF-8.</summary>
internal sealed class InvalidUtf8Argument
{
    private readonly Option<string> option = new("--invalid-utf8")
    {
        Description = "What becomes of lines that are not UTF-8: fail names the first, skip leaves them out, replace puts U+FFFD.",
        DefaultValueFactory = _ => "fail",
    };

    /// <summary>Adds the option to its verb.</summary>
    public void AddTo(Command command)
    {
        option.AcceptOnlyFromAmong("fail", "skip", "replace");
        command.Options.Add(option);
    }

    /// <summary>The lines of the files, one file after the other.</summary>
    /// <exception cref="LlamaxException">While they are read: a line is not UTF-8, and that is to fail.</exception>
    public IEnumerable<string> Read(ParseResult parsed, IEnumerable<TextFile> files, ReadingStatistics statistics)
    {
        var policy = Policy(parsed);
        return files.SelectMany(file => LineReader.Read(file, policy, statistics));
    }

    /// <summary>Says how many lines were not UTF-8, if any.</summary>
    public void Report(ParseResult parsed, ReadingStatistics statistics)
    {
        if (statistics.InvalidLines > 0)
        {
            var (lines, were) = statistics.InvalidLines == 1 ? ("line", "was") : ("lines", "were");
            var fate = Policy(parsed) == InvalidUtf8.Skip ? "left out" : "mended with U+FFFD";
            Console.Error.WriteLine($"{statistics.InvalidLines:N0} {lines} {were} not UTF-8 and {were} {fate}");
        }
    }

    /// <summary>What the user wants; null where he did not say.</summary>
    public InvalidUtf8? Given(ParseResult parsed) => parsed.GetResult(option) is { Implicit: false } ? Policy(parsed) : null;

    /// <summary>What the user wants.</summary>
    public InvalidUtf8 Policy(ParseResult parsed) => Enum.Parse<InvalidUtf8>(parsed.GetRequiredValue(option), ignoreCase: true);
}
