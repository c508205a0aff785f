namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>Patterns one after the other: each cuts every piece of the one before, matches and what lies between alike.</summary>
internal sealed class SplitSequence(params SplitPattern[] patterns) : SplitPattern
{
    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<byte> utf8, SplitPieces pieces)
    {
        patterns[0].Split(utf8, pieces);
        var cut = pieces.Spare;
        var parts = cut.Spare;
        foreach (var pattern in patterns.AsSpan(1))
        {
            cut.Clear();
            var start = 0;
            for (var i = 0; i < pieces.Count; i++)
            {
                pattern.Split(utf8[start..pieces.End(i)], parts);
                for (var j = 0; j < parts.Count; j++)
                {
                    cut.Add(start + parts.End(j), parts.IsMatch(j));
                }

                start = pieces.End(i);
            }

            pieces.CopyFrom(cut);
        }
    }
}
