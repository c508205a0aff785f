using System.Runtime.InteropServices;
using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>
/// Goes on with the training of a byte-pair encoding from where the base model is: the words lie as the base cuts them,
/// and again and again the string that saves most tokens becomes a piece. Each has a lower score than all before it, so
/// the encoder comes to it when nothing else can be merged; then the new symbol may complete an older piece. The words are
/// kept exactly as the encoder would cut them with the pieces so far, which is why every new piece is reached: by the same
/// merges by which it was learned.
/// </summary>
internal sealed class PieceLearner
{
    /// <summary>Stands between words.</summary>
    public const char WordEnd = '\n';

    private readonly PieceScripts scripts;
    private readonly int minimumCount;
    private readonly bool byteFallback;

    // All words behind each other. A symbol lies where its text begins: its length in chars, and where the one before
    // begins (-1 at a word's start). Length 0: inside of a symbol.
    private readonly char[] text;
    private readonly int[] length;
    private readonly int[] previous;
    private readonly long[] weight;

    private readonly Dictionary<string, double> scores = new(StringComparer.Ordinal); // Of the pieces; a new one's is below all.
    private readonly Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> scoreOf;
    private readonly HashSet<string> reserved; // Pieces that no text turns into: their names are taken.
    private readonly Dictionary<string, PieceCandidate?> candidates = new(StringComparer.Ordinal); // Null: may not be a piece.
    private readonly Dictionary<string, PieceCandidate?>.AlternateLookup<ReadOnlySpan<char>> candidateOf;
    private readonly PriorityQueue<PieceCandidate, (long, PieceCandidate)> queue =
        new(Comparer<(long, PieceCandidate)>.Create(PieceCandidate.Order));

    private readonly PriorityQueue<(int Place, int Size), (double Score, int Place)> merges =
        new(Comparer<(double Score, int Place)>.Create((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Place.CompareTo(b.Place)));

    private readonly List<int> merged = [];
    private readonly List<PieceCandidate> touched = [];
    private double lowest;

    /// <summary>Cuts the words with the base.</summary>
    public PieceLearner(SentencePieceModel model, BaseWords words, PieceScripts scripts, int minimumCount)
    {
        (this.scripts, this.minimumCount, byteFallback) = (scripts, minimumCount, model.ByteFallback);
        scoreOf = scores.GetAlternateLookup<ReadOnlySpan<char>>();
        candidateOf = candidates.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var piece in model.Pieces.Where(piece => piece.Type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused))
        {
            scores[piece.Text] = piece.Score;
        }

        reserved = [.. model.Pieces.Select(piece => piece.Text)];
        lowest = model.Pieces.Min(piece => piece.Score);

        // In one order, so that the work does not depend on how the corpus was ordered.
        var sorted = words.Counts.OrderBy(word => word.Key, StringComparer.Ordinal).ToArray();
        var size = sorted.Sum(word => word.Key.Length + 1);
        (text, length, previous, weight) = (new char[size], new int[size], new int[size], new long[size]);
        var start = 0;
        foreach (var (word, count) in sorted)
        {
            start = Place(word, count, start);
        }

        Settle();
        for (var place = 0; place < size; place++)
        {
            Register(place);
            RegisterCharacter(place);
        }

        Enqueue();
    }

    /// <summary>The next piece and how many tokens it saves, or null where the corpus yields no more.</summary>
    public (string Text, long Saved)? Next()
    {
        while (queue.TryDequeue(out var candidate, out var priority))
        {
            if (priority.Item1 != candidate.Bound || scores.ContainsKey(candidate.Text))
            {
                continue; // It stands in the queue a second time, with the bound that it has now; or it is a piece.
            }

            var (saved, count) = Gain(candidate);
            if (saved < candidate.Bound)
            {
                candidate.Bound = saved;
                if (saved > 0)
                {
                    queue.Enqueue(candidate, (saved, candidate));
                }
            }
            else if (count >= minimumCount)
            {
                Accept(candidate);
                return (candidate.Text, saved);
            }
        }

        return null;
    }

    private int Place(string word, long count, int start)
    {
        word.CopyTo(0, text, start, word.Length);
        for (var i = start; i < start + word.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i, start + word.Length - i), out _, out var size);
            length[i] = size;
            previous[i] = i == start ? -1 : length[i - 1] > 0 ? i - 1 : i - 2;
            weight[i] = count;
            i += size;
        }

        for (var i = start; i < start + word.Length; i++)
        {
            Propose(i);
        }

        text[start + word.Length] = WordEnd;
        return start + word.Length + 1;
    }

    /// <summary>Where the symbol behind this one begins, or -1.</summary>
    private int Next(int place)
    {
        var next = place + length[place];
        return text[next] == WordEnd ? -1 : next;
    }

    /// <summary>Puts a symbol and the one behind it forward for merging where they make a piece.</summary>
    private void Propose(int place)
    {
        if (place >= 0 && length[place] > 0 && Next(place) is >= 0 and var next
            && scoreOf.TryGetValue(text.AsSpan(place, length[place] + length[next]), out var score))
        {
            merges.Enqueue((place, length[place] + length[next]), (score, place));
        }
    }

    /// <summary>Merges as the encoder does: the highest score first, the leftmost first among equals.</summary>
    private void Settle()
    {
        while (merges.TryDequeue(out var best, out _))
        {
            var (place, size) = best;
            if (!Stands(place, size))
            {
                continue;
            }

            length[Next(place)] = 0;
            length[place] = size;
            if (Next(place) is >= 0 and var next)
            {
                previous[next] = place;
            }

            merged.Add(place);
            Propose(previous[place]);
            Propose(place);
        }
    }

    /// <summary>Whether two symbols of that size together begin here.</summary>
    private bool Stands(int place, int size) =>
        length[place] > 0 && length[place] < size && Next(place) is >= 0 and var next && length[place] + length[next] == size;

    private void Accept(PieceCandidate candidate)
    {
        lowest -= 1;
        scores[candidate.Text] = lowest;
        merged.Clear();
        if (!IsCharacter(candidate.Text))
        {
            foreach (var place in candidate.Places)
            {
                merges.Enqueue((place, candidate.Text.Length), (lowest, place));
            }

            Settle();
            foreach (var place in merged.Where(place => length[place] > 0))
            {
                Register(previous[place]);
                Register(place);
            }
        }

        candidate.Places = [];
        Enqueue();
    }

    /// <summary>Notes the string that a symbol and the one behind it make.</summary>
    private void Register(int place)
    {
        if (place >= 0 && length[place] > 0 && Next(place) is >= 0 and var next)
        {
            Note(place, length[place] + length[next], Cost(place) + Cost(next) - 1);
        }
    }

    private void RegisterCharacter(int place)
    {
        if (length[place] > 0 && Cost(place) > 1)
        {
            Note(place, length[place], Cost(place) - 1);
        }
    }

    private void Note(int place, int size, int saved)
    {
        var span = text.AsSpan(place, size);
        if (!candidateOf.TryGetValue(span, out var candidate))
        {
            var name = span.ToString();
            candidate = scripts.Allow(span) && !reserved.Contains(name) ? new PieceCandidate(name) : null;
            candidates.Add(name, candidate);
        }

        if (candidate is null || scores.ContainsKey(candidate.Text))
        {
            return;
        }

        candidate.Places.Add(place);
        candidate.Bound += weight[place] * saved;
        if (!candidate.Touched)
        {
            candidate.Touched = true;
            touched.Add(candidate);
        }
    }

    private void Enqueue()
    {
        foreach (var candidate in touched)
        {
            candidate.Touched = false;
            queue.Enqueue(candidate, (candidate.Bound, candidate));
        }

        touched.Clear();
    }

    /// <summary>What the piece would save now, and how often it stands in the corpus; forgets the places where it no longer does.</summary>
    private (long Saved, long Count) Gain(PieceCandidate candidate)
    {
        var (size, isCharacter) = (candidate.Text.Length, IsCharacter(candidate.Text));
        candidate.Places.Sort();
        var places = CollectionsMarshal.AsSpan(candidate.Places);
        var (saved, count, kept, free) = (0L, 0L, 0, 0);
        var last = -1;
        foreach (var place in places)
        {
            if (place == last || !(isCharacter ? length[place] == size : Stands(place, size)))
            {
                continue;
            }

            places[kept++] = last = place;
            if (place < free)
            {
                continue; // In aaa, aa stands twice but is merged once.
            }

            free = place + size;
            count += weight[place];
            saved += weight[place] * ((isCharacter ? Cost(place) : Cost(place) + Cost(Next(place))) - 1);
        }

        candidate.Places.RemoveRange(kept, candidate.Places.Count - kept);
        return (saved, count);
    }

    /// <summary>How many tokens a symbol is: its bytes where it is a character without a piece, else one.</summary>
    private int Cost(int place)
    {
        var symbol = text.AsSpan(place, length[place]);
        return symbol.Length > 2 || scoreOf.ContainsKey(symbol) ? 1
            : byteFallback ? Encoding.UTF8.GetByteCount(symbol)
            : 2; // Without bytes it is lost, which is worse than being one token.
    }

    private static bool IsCharacter(string text) => text.Length == 1 || (text.Length == 2 && char.IsSurrogate(text[0]));
}
