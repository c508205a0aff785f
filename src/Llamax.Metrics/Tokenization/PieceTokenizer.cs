using System.Text.RegularExpressions;

namespace Llamax.Metrics.Tokenization;

internal sealed partial class PieceTokenizer : BleuTokenizer
{
    private readonly Func<string, IReadOnlyList<string>> pieces;

    public PieceTokenizer(string name, Func<string, IReadOnlyList<string>> pieces)
    {
        if (!ValidName().IsMatch(name))
        {
            throw new LlamaxException(
                $"'{name}' cannot name a SentencePiece model in a score's signature; use letters, digits, '.', '_' and '-'.");
        }

        Name = name;
        this.pieces = pieces;
    }

    public override string Name { get; }

    public override IReadOnlyList<string> Tokenize(string segment) => pieces(segment);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex ValidName();
}
