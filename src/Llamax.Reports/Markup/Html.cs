using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Llamax.Reports.Markup;

/// <summary>
/// A piece of HTML. It is made from interpolated strings alone, whose values are escaped unless they are HTML
/// themselves, so text cannot become markup by oversight.
/// </summary>
internal sealed class Html
{
    public static readonly Html Empty = new("");
    private readonly string markup;

    private Html(string markup) => this.markup = markup;

    public static Html Of(Writer writer) => new(writer.ToString());

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.markup)));

    /// <summary>Markup from a file of ours.</summary>
    public static Html Trusted(string markup) => new(markup);

    public override string ToString() => markup;

    [InterpolatedStringHandler]
    internal readonly struct Writer(int literalLength, int formattedCount)
    {
        private readonly StringBuilder builder = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string text) => builder.Append(text);

        public void AppendFormatted(Html html) => builder.Append(html.markup);

        public void AppendFormatted(IEnumerable<Html> parts) => builder.Append(Join(parts).markup);

        public void AppendFormatted(string? text) => builder.Append(WebUtility.HtmlEncode(Visible(text)));

        public void AppendFormatted(int number) => builder.Append(number);

        public void AppendFormatted(double number, string format = "0.##") => builder.Append(number.ToString(format));

        public override string ToString() => builder.ToString();

        /// <summary>Control characters, which a model may well produce, are not allowed in HTML.</summary>
        private static string? Visible(string? text) => text is not null && text.Any(IsForbidden)
            ? string.Concat(text.Select(c => IsForbidden(c) ? '\uFFFD' : c))
            : text;

        private static bool IsForbidden(char c) => (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || c is '\uFFFE' or '\uFFFF';
    }
}
