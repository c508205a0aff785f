using System.Text;
using Llamax.Text.Tokenizers.HuggingFace.Added;

namespace Llamax.Text.Tokenizers.HuggingFace.Decoders;

/// <summary>Ids to text through the stages that a file names. Special tokens give no text.</summary>
internal sealed class StagedDecoder(AddedVocabulary vocabulary, int count, Func<IEnumerable<DecodingStage>> stages) : TokenDecoder
{
    private readonly TextStage end = new();
    private DecodingStage? start;

    /// <inheritdoc/>
    public override void Add(int id, StringBuilder text)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, count);
        end.Text = text;
        start ??= Connect();
        if (vocabulary.Text(id) is { } token && !vocabulary.IsSpecial(token))
        {
            start.Take(token, isEnd: true);
        }
    }

    /// <inheritdoc/>
    public override void Finish(StringBuilder text)
    {
        end.Text = text;
        start?.Finish();
        start = null;
    }

    private DecodingStage Connect()
    {
        DecodingStage last = new PassStage();
        var first = last;
        foreach (var stage in stages())
        {
            last.Next = stage;
            last = stage;
        }

        last.Next = end;
        return first;
    }

    private sealed class PassStage : DecodingStage
    {
        public override void Take(ReadOnlySpan<char> text, bool isEnd) => Next.Take(text, isEnd);
    }
}
