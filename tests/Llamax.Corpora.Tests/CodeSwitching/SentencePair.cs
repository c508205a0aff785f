using System.Buffers;
using System.Text;
using Llamax.Corpora.CodeSwitching;

namespace Llamax.Corpora.Tests.CodeSwitching;

/// <summary>A pair as text, for tests.</summary>
internal sealed record SentencePair(string SourceLanguage, string TargetLanguage, string Source, string Target);

/// <summary>Code-switching of text, for tests.</summary>
internal static class TextSwitching
{
    /// <summary>The changed source; null where no word was replaced.</summary>
    public static string? Switch(this CodeSwitcher switcher, SentencePair pair, int copy)
    {
        var output = new ArrayBufferWriter<byte>();
        return switcher.TrySwitch(pair.SourceLanguage, pair.TargetLanguage, Encoding.UTF8.GetBytes(pair.Source), Encoding.UTF8.GetBytes(pair.Target), copy, output)
            ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }
}
