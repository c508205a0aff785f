namespace Llamax.Metrics.Tokenization;

internal sealed class WhitespaceTokenizer : BleuTokenizer
{
    public override string Name => "none";

    public override IReadOnlyList<string> Tokenize(string segment) => Whitespace.Split(segment);
}
