namespace Llamax.Text.Tokenizers.Training;

/// <summary>Pieces with log-probabilities while they are trained: each is a place in one array of symbols and a length.</summary>
internal sealed class UnigramVocabulary
{
    // SentencePiece's penalty for a character without a piece, below the lowest score.
    private const double UnknownPenalty = 10;

    private readonly int[] symbols;
    private readonly SymbolTrie trie;

    /// <summary>Lays out a vocabulary.</summary>
    /// <param name="symbols">Where the pieces' symbols stand.</param>
    /// <param name="alphabet">Number of different symbols.</param>
    /// <param name="pieces">The pieces.</param>
    public UnigramVocabulary(int[] symbols, int alphabet, IReadOnlyList<(int Place, int Length, double Score)> pieces)
    {
        (this.symbols, Pieces) = (symbols, pieces);
        trie = new SymbolTrie(alphabet, pieces.Sum(piece => piece.Length - 1));
        Scores = new double[pieces.Count + 1];
        Lowest = double.MaxValue;
        for (var id = 0; id < pieces.Count; id++)
        {
            trie.Add(Symbols(id), id);
            Scores[id] = pieces[id].Score;
            Lowest = Math.Min(Lowest, pieces[id].Score);
        }

        Scores[Unknown] = Lowest - UnknownPenalty;
    }

    public IReadOnlyList<(int Place, int Length, double Score)> Pieces { get; }

    public int Count => Pieces.Count;

    /// <summary>The id of a character that is no piece by itself.</summary>
    public int Unknown => Pieces.Count;

    /// <summary>Log-probabilities of the pieces and, behind them, of the unknown one.</summary>
    public double[] Scores { get; }

    /// <summary>The lowest score.</summary>
    public double Lowest { get; }

    public ReadOnlySpan<int> Symbols(int id) => symbols.AsSpan(Pieces[id].Place, Pieces[id].Length);

    /// <summary>All pieces that stand in a text, by their beginnings. A symbol that is no piece itself gets an arc with the unknown id.</summary>
    public void FindArcs(ReadOnlySpan<int> text, List<(int From, int To, int Id)> arcs)
    {
        arcs.Clear();
        for (var from = 0; from < text.Length; from++)
        {
            var node = trie.First(text[from]);
            var single = node == 0 ? -1 : trie.Value(node);
            arcs.Add((from, from + 1, single < 0 ? Unknown : single));
            for (var to = from + 1; node != 0 && to < text.Length; to++)
            {
                node = trie.Child(node, text[to]);
                if (trie.Value(node) is >= 0 and var id)
                {
                    arcs.Add((from, to + 1, id));
                }
            }
        }
    }
}
