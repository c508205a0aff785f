namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Pieces with log-probabilities while they are trained, and where in the corpus each stands. There is no dictionary: each
/// place knows the longest piece that begins there, and each piece the next shorter one, which is all that is ever asked.
/// </summary>
internal sealed class UnigramVocabulary
{
    /// <summary>No piece.</summary>
    public const int None = -1;

    // SentencePiece's penalty for a character without a piece, below the lowest score.
    private const float UnknownPenalty = 10;

    private readonly int[] longestAt;

    /// <summary>Takes over the pieces.</summary>
    /// <param name="pieces">The pieces; their place in the array is their id.</param>
    /// <param name="longestAt">The longest piece that begins at each place of the corpus.</param>
    public UnigramVocabulary(UnigramPiece[] pieces, int[] longestAt)
    {
        (Pieces, this.longestAt) = (pieces, longestAt);
        Arcs = Link();
    }

    /// <summary>The pieces by id.</summary>
    public UnigramPiece[] Pieces { get; private set; }

    /// <summary>Number of pieces.</summary>
    public int Count => Pieces.Length;

    /// <summary>The id of a character that is no piece by itself.</summary>
    public int Unknown => Pieces.Length;

    /// <summary>The lowest log-probability.</summary>
    public float Lowest { get; private set; }

    /// <summary>The score of a character that is no piece.</summary>
    public float UnknownScore => Lowest - UnknownPenalty;

    /// <summary>By place in the corpus: the arc of the longest piece that begins there; of the unknown one where there is no other.</summary>
    public ReadOnlySpan<int> LongestAt => longestAt;

    /// <summary>The pieces and, last, the unknown one. Following <see cref="Arc.Shorter"/> from any of them ends at one of length 1.</summary>
    public Arc[] Arcs { get; private set; }

    /// <summary>Makes arcs worth their log-probability.</summary>
    public void UseScores()
    {
        for (var id = 0; id < Pieces.Length; id++)
        {
            Arcs[id].Value = Pieces[id].Score;
        }

        Arcs[Unknown].Value = UnknownScore;
    }

    /// <summary>Makes arcs worth probability × e^(<paramref name="tilt"/> × length). All ways through a text get the same factor by it, which keeps products near 1.</summary>
    public void UseProbabilities(double tilt)
    {
        for (var id = 0; id < Pieces.Length; id++)
        {
            Arcs[id].Value = Math.Exp(Pieces[id].Score + (tilt * Pieces[id].Length));
        }

        Arcs[Unknown].Value = Math.Exp(UnknownScore + tilt);
    }

    /// <summary>Drops all pieces but some.</summary>
    /// <param name="ids">The ones that stay, in their new order.</param>
    /// <param name="scores">Their new scores; empty to leave them the old ones.</param>
    public void Keep(ReadOnlySpan<int> ids, ReadOnlySpan<float> scores)
    {
        var newId = new int[Pieces.Length + 1];
        for (var id = 0; id < newId.Length; id++)
        {
            newId[id] = None;
        }

        newId[Unknown] = ids.Length;
        for (var id = 0; id < ids.Length; id++)
        {
            newId[ids[id]] = id;
        }

        for (var id = 0; id < Pieces.Length; id++)
        {
            for (var shorter = Pieces[id].Shorter; newId[id] == None && shorter != None; shorter = Pieces[shorter].Shorter)
            {
                newId[id] = newId[shorter];
            }
        }

        var kept = new UnigramPiece[ids.Length];
        for (var id = 0; id < ids.Length; id++)
        {
            ref var piece = ref Pieces[ids[id]];
            kept[id] = piece with
            {
                Score = scores.IsEmpty ? piece.Score : scores[id],
                Shorter = piece.Shorter == None ? None : newId[piece.Shorter],
            };
        }

        for (var id = 0; id < newId.Length; id++)
        {
            newId[id] = newId[id] == None ? ids.Length : newId[id];
        }

        for (var place = 0; place < longestAt.Length; place++)
        {
            longestAt[place] = newId[longestAt[place]];
        }

        Pieces = kept;
        Arcs = Link();
    }

    private Arc[] Link()
    {
        var arcs = new Arc[Pieces.Length + 1];
        Lowest = float.MaxValue;
        for (var id = 0; id < Pieces.Length; id++)
        {
            ref var piece = ref Pieces[id];
            arcs[id] = new Arc { Length = piece.Length, Shorter = piece.Length > 1 && piece.Shorter == None ? Unknown : piece.Shorter };
            Lowest = Math.Min(Lowest, piece.Score);
        }

        arcs[Unknown] = new Arc { Length = 1, Shorter = None };
        return arcs;
    }

    /// <summary>What the inner loops read of a piece.</summary>
    internal struct Arc
    {
        /// <summary>See <see cref="UseScores"/> and <see cref="UseProbabilities"/>.</summary>
        public double Value;

        /// <summary>Number of symbols.</summary>
        public int Length;

        /// <summary>The next shorter arc that begins at the same place, or <see cref="None"/>.</summary>
        public int Shorter;
    }
}
