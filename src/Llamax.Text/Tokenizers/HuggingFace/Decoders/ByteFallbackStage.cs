using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary>
/// <c>ByteFallback</c>: tokens such as <c>&lt;0xE2&gt;</c> become the text that a run of them spells; where a run as a
/// whole is no UTF-8, each of its bytes becomes U+FFFD. So nothing of a run is certain before its end.
/// </summary>
internal sealed class ByteFallbackStage : WholeTokenStage
{
    private readonly List<byte> run = [];

    /// <inheritdoc/>
    protected override void TakeToken(string token)
    {
        if (TryReadByte(token, out var value))
        {
            run.Add(value);
        }
        else
        {
            EndRun();
            Next.Take(token, isEnd: true);
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        EndRun();
        Next.Finish();
    }

    private static bool TryReadByte(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(low)
            && (char.IsAsciiHexDigit(high) || high == '+') // As the library's parser has it: a sign is a digit's worth.
            && byte.TryParse([high == '+' ? '0' : high, low], System.Globalization.NumberStyles.AllowHexSpecifier, null, out value);
    }

    private void EndRun()
    {
        var bytes = CollectionsMarshal.AsSpan(run);
        if (Utf8.IsValid(bytes))
        {
            if (bytes.Length > 0)
            {
                Next.Take(Encoding.UTF8.GetString(bytes), isEnd: true);
            }
        }
        else
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                Next.Take("\uFFFD", isEnd: true);
            }
        }

        run.Clear();
    }
}
