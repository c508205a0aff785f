namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>What stands for text that is no piece: its bytes, or one unknown id for each run of it.</summary>
internal sealed class UnknownIds(SentencePieceModel model, PieceTable pieces)
{
    private readonly int[] bytes = model.ByteFallback
        ? [.. Enumerable.Range(0, 256).Select(value => pieces.Find(Piece.ForByte(value))!.Value)] : [];

    /// <summary>Whether each byte of the text has an id of its own.</summary>
    public bool AreBytes => bytes.Length > 0;

    /// <summary>Appends an id, or what stands for its text where it is the unknown one.</summary>
    public void Append(int id, ReadOnlySpan<byte> text, TokenBuffer ids)
    {
        if (id == pieces.UnknownId)
        {
            Append(text, ids);
        }
        else
        {
            ids.Add(id);
        }
    }

    /// <summary>Appends what stands for text that is no piece.</summary>
    public void Append(ReadOnlySpan<byte> text, TokenBuffer ids)
    {
        if (!AreBytes)
        {
            ids.Add(pieces.UnknownId);
            return;
        }

        foreach (var value in text)
        {
            ids.Add(bytes[value]);
        }
    }

    /// <summary>Makes one of each run of unknown ids from place <paramref name="start"/> on.</summary>
    public void Join(TokenBuffer ids, int start)
    {
        var all = ids.From(start);
        var count = AreBytes ? -1 : all.IndexOf(pieces.UnknownId) + 1;
        if (count <= 0)
        {
            return;
        }

        var previous = pieces.UnknownId;
        foreach (var id in all[count..])
        {
            if (id != pieces.UnknownId || previous != id)
            {
                all[count++] = id;
            }

            previous = id;
        }

        ids.Truncate(start + count);
    }
}
