using System.Text;

namespace Llamax.Metrics.Tokenization;

internal sealed class V13aTokenizer : BleuTokenizer
{
    public override string Name => "13a";

    public override IReadOnlyList<string> Tokenize(string segment)
    {
        var line = new StringBuilder(" ").Append(segment).Append(' ')
            .Replace("<skipped>", "").Replace("-\n", "").Replace('\n', ' ')
            .Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">");
        return WesternPunctuation.Separate(line.ToString());
    }
}
