using System.Text;

namespace Llamax.Metrics.Tokenization;

internal sealed class ChineseTokenizer : BleuTokenizer
{
    // sacreBLEU meant U+20000-2A6D6 and U+2F800-2FA1D, but its escapes cover U+2001-2A6D and U+2F81-2FA1 instead, so
    // curly quotes and dashes stand alone and rare characters beyond U+FFFF do not. Scores must match: so does this.
    private static readonly (char First, char Last)[] Ranges =
    [
        ('\u3400', '\u4db5'), ('\u4e00', '\u9fa5'), ('\u9fa6', '\u9fbb'), ('\uf900', '\ufa2d'), ('\ufa30', '\ufa6a'),
        ('\ufa70', '\ufad9'), ('\u2001', '\u2a6d'), ('\u2f81', '\u2fa1'), ('\uff00', '\uffef'), ('\u2e80', '\u2eff'),
        ('\u3000', '\u303f'), ('\u31c0', '\u31ef'), ('\u2f00', '\u2fdf'), ('\u2ff0', '\u2fff'), ('\u3100', '\u312f'),
        ('\u31a0', '\u31bf'), ('\ufe10', '\ufe1f'), ('\ufe30', '\ufe4f'), ('\u2600', '\u26ff'), ('\u2700', '\u27bf'),
        ('\u3200', '\u32ff'), ('\u3300', '\u33ff'),
    ];

    public override string Name => "zh";

    public override IReadOnlyList<string> Tokenize(string segment)
    {
        var line = new StringBuilder(segment.Length * 2);
        foreach (var c in Whitespace.Trim(segment))
        {
            if (Array.Exists(Ranges, range => range.First <= c && c <= range.Last))
            {
                line.Append(' ').Append(c).Append(' ');
            }
            else
            {
                line.Append(c);
            }
        }

        return WesternPunctuation.Separate(line.ToString());
    }
}
