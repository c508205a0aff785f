using System.Text;

namespace Llamax.Metrics.Tokenization;

internal sealed class CharacterTokenizer : BleuTokenizer
{
    public override string Name => "char";

    public override IReadOnlyList<string> Tokenize(string segment) =>
        [.. segment.EnumerateRunes().Where(rune => !Whitespace.Is(rune.Value)).Select(rune => rune.ToString())];
}
