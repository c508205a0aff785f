using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// The segmentation with the highest sum of scores (Viterbi). Sums are rounded to float at every step and the first of
/// equals is kept, as in SentencePiece, whose outputs hang on it.
/// </summary>
/// <remarks>
/// Where no piece holds two neighbours, all paths meet between them; mostly that is so before each ▁. The best path is that of
/// the parts between such places, but for the rounding of the sum so far. So the pieces of a part are remembered together with
/// how large that sum may be before rounding could let another path win.
/// </remarks>
internal sealed class UnigramEncoder : IIdEncoder
{
    // SentencePiece's penalty for a character without a piece, below the lowest score.
    private const float UnknownPenalty = 10;

    private readonly PieceTable pieces;
    private readonly UnknownIds unknown;
    private readonly ByteTrie trie;
    private readonly double[] scores;
    private readonly float unknownScore;
    private readonly double largestScore;
    private readonly PieceBorders borders;

    public UnigramEncoder(PieceTable pieces, UnknownIds unknown)
    {
        (this.pieces, this.unknown) = (pieces, unknown);

        // As in SentencePiece: the highest score is the smallest positive float, unless a normal piece scores higher.
        var (lowest, highest) = (float.MaxValue, 1.17549435e-38f);
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Type == PieceType.Normal)
            {
                (lowest, highest) = (Math.Min(lowest, pieces[id].Score), Math.Max(highest, pieces[id].Score));
            }
        }

        unknownScore = lowest - UnknownPenalty;
        largestScore = Math.Abs(unknownScore);
        scores = new double[pieces.Count];
        var entries = new int[pieces.Count];
        var count = 0;
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Type is PieceType.Normal or PieceType.UserDefined)
            {
                // User-defined pieces get so high a score that no other segmentation wins over them.
                scores[id] = pieces[id].Type == PieceType.UserDefined ? pieces.Utf8(id).Length * highest - 0.1 : pieces[id].Score;
                largestScore = Math.Max(largestScore, Math.Abs(scores[id]));
                entries[count++] = id;
            }
        }

        borders = new PieceBorders(pieces, entries.AsSpan(0, count));
        trie = new ByteTrie(entries[..count], pieces.Utf8);
    }

    /// <inheritdoc/>
    public bool ReadsSpaces => false;

    /// <inheritdoc/>
    public void Encode(EncoderWorkspace workspace)
    {
        var text = workspace.Normalized.Written;
        var (paths, sum) = (workspace.Paths, 0f);
        for (var start = 0; start < text.Length;)
        {
            var (length, reach) = Search(text[start..], sum, paths);
            sum = paths.Nodes[length].Score;
            paths.Trace(length);
            for (var place = 0; place < length; place += paths.Nodes[place].Length)
            {
                workspace.Segments.Add(new Segment(start + place, paths.Nodes[place].Length, paths.Nodes[place].Id));
            }

            paths.Clear(reach + 1);
            start += length;
        }
    }

    /// <inheritdoc/>
    public void Encode(EncoderWorkspace workspace, TokenBuffer ids)
    {
        var text = workspace.Normalized.Written;
        workspace.Paths.Work += text.Length;
        var (sum, afterUnknown, start) = (0f, false, 0);
        var (previous, alone) = (-1, -1); // The character before, and the one that is the whole part.
        for (var at = 0; at < text.Length;)
        {
            var next = PieceBorders.Read(text, at, out var length);
            if (at > start && !borders.MayCut(previous, next))
            {
                alone = -1;
            }
            else
            {
                EncodePart(text[start..at], alone, ref sum, ref afterUnknown, workspace, ids);
                (start, alone) = (at, next);
            }

            (previous, at) = (next, at + length);
            if (length == 1 && at < text.Length && text[at] < 0x80)
            {
                // Between two ASCII characters there are seldom borders, and none are looked for.
                at = EndOfAscii(text, at);
                (previous, alone) = (text[at - 1], -1);
            }
        }

        EncodePart(text[start..], alone, ref sum, ref afterUnknown, workspace, ids);
    }

    private static int EndOfAscii(ReadOnlySpan<byte> text, int at)
    {
        if (at <= text.Length - Vector128<byte>.Count)
        {
            var others = Vector128.Create(text[at..]).ExtractMostSignificantBits();
            if (others != 0)
            {
                return at + BitOperations.TrailingZeroCount(others);
            }
        }

        var length = text[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        return length < 0 ? text.Length : at + length;
    }

    /// <summary>Appends the ids of what lies between two borders.</summary>
    /// <param name="part">Its text.</param>
    /// <param name="alone">The character that is all of it; -1 where there are several, or one above U+FFFF.</param>
    /// <param name="sum">The score of all that is before it; then of it, too.</param>
    /// <param name="afterUnknown">Whether the last id stands for text that is no piece.</param>
    /// <param name="workspace">For this call alone.</param>
    /// <param name="ids">Receives the ids at its end.</param>
    private void EncodePart(ReadOnlySpan<byte> part, int alone, ref float sum, ref bool afterUnknown, EncoderWorkspace workspace, TokenBuffer ids)
    {
        if (alone < 0)
        {
            afterUnknown = false;
            if (part.Length > Bpe.WordCache.LongestWord)
            {
                EncodeStretches(part, ref sum, workspace.Paths, ids);
            }
            else if (part.Length > 0)
            {
                EncodeWord(part, ref sum, workspace, ids);
            }
        }
        else if (borders.Find(alone) is >= 0 and var id)
        {
            afterUnknown = false;
            sum = (float)(scores[id] + sum);
            ids.Add(id);
        }
        else
        {
            sum += unknownScore;
            if (!afterUnknown || unknown.AreBytes)
            {
                unknown.Append(part, ids);
            }

            afterUnknown = true;
        }
    }

    private void EncodeStretches(ReadOnlySpan<byte> text, ref float sum, BestPaths paths, TokenBuffer ids)
    {
        while (!text.IsEmpty)
        {
            var (length, reach) = Search(text, sum, paths);
            sum = paths.Nodes[length].Score;
            paths.Trace(length);
            Emit(text[..length], paths.Nodes, ids);
            paths.Clear(reach + 1);
            text = text[length..];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Inlined into the loop over characters it would take the loop's registers.
    private void EncodeWord(ReadOnlySpan<byte> word, ref float sum, EncoderWorkspace workspace, TokenBuffer ids)
    {
        // What is remembered of a word: the largest sum, how many scores, the scores, the ids.
        var isKnown = workspace.Words.TryGet(word, out var found);
        if (isKnown && Math.Abs(sum) < BitConverter.Int32BitsToSingle(found[0]))
        {
            var known = found[2..];
            foreach (var score in known[..found[1]])
            {
                sum += BitConverter.Int32BitsToSingle(score);
            }

            ids.AddRange(known[found[1]..]);
            return;
        }

        var paths = workspace.Paths;
        FindWhole(word, sum, paths);
        var end = paths.Nodes[word.Length].Score;
        var margin = paths.Trace(word.Length);
        var count = ids.Count;
        Emit(word, paths.Nodes, ids);
        if (!isKnown && LargestSum(margin, sum, word.Length) is var largest and > 0)
        {
            Remember(word, largest, paths.Nodes, ids.Written[count..], workspace);
        }

        paths.Clear(word.Length + 1);
        sum = end;
    }

    /// <summary>
    /// Below which sum of the words before it a word has the path that was just found. All sums in a word of n bytes are
    /// smaller than m, the sum before it plus n times the largest score; so every step rounds by at most r = m · 2^-24. A
    /// node's score is the best candidate's, but for 2r: r because the node holds a rounded score that the next candidate
    /// is compared with unrounded, r for its own rounding. After at most n steps the sums are off by 2rn, differences of
    /// two by 4rn, so that a margin above r(4n + 2) decides alike whatever was before; 8 in place of 2 leaves room for
    /// the margin's own rounding.
    /// </summary>
    private float LargestSum(float margin, float sum, int length)
    {
        var inWord = length * largestScore;
        var steps = 4d * length + 8;
        var sure = margin - (Math.Abs(sum) + inWord) * steps / (1 << 24); // The margin was itself found with rounded sums.
        return MathF.BitDecrement((float)(sure * (1 << 24) / steps - inWord));
    }

    private void Remember(ReadOnlySpan<byte> word, float largest, ReadOnlySpan<PathNode> nodes, ReadOnlySpan<int> ids, EncoderWorkspace workspace)
    {
        var found = workspace.Found;
        found.Truncate(0);
        found.Add(BitConverter.SingleToInt32Bits(largest));
        found.Add(0);
        for (var place = 0; place < word.Length; place += nodes[place].Length)
        {
            var id = nodes[place].Id;
            var score = id == pieces.UnknownId ? unknownScore : scores[id];
            if (score != (float)score)
            {
                return; // A user-defined piece: its score is not a float and is not rounded before it is added.
            }

            found.Add(BitConverter.SingleToInt32Bits((float)score));
        }

        found.From(1)[0] = found.Count - 2;
        found.AddRange(ids);
        workspace.Words.Add(word, found.Written);
    }

    /// <summary>Appends the ids of the path that was traced over the text.</summary>
    private void Emit(ReadOnlySpan<byte> text, ReadOnlySpan<PathNode> nodes, TokenBuffer ids)
    {
        var afterUnknown = false;
        for (var place = 0; place < text.Length;)
        {
            var (length, id) = (nodes[place].Length, nodes[place].Id);
            if (id != pieces.UnknownId)
            {
                ids.Add(id);
            }
            else if (unknown.AreBytes || !afterUnknown)
            {
                unknown.Append(text.Slice(place, length), ids);
            }

            afterUnknown = id == pieces.UnknownId;
            place += length;
        }
    }

    /// <summary>Finds the best path over a whole text.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <param name="sum">The score of all that is before it.</param>
    /// <param name="paths">Receives the nodes; all must be unreached.</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // Its loops need all registers.
    private void FindWhole(ReadOnlySpan<byte> text, float sum, BestPaths paths)
    {
        ref var nodes = ref MemoryMarshal.GetReference(paths.Reserve(text.Length + 1)); // No piece reaches farther.
        ref var bytes = ref MemoryMarshal.GetReference(text);
        nodes.Score = sum;
        for (var start = 0; start < text.Length;)
        {
            ref var from = ref Unsafe.Add(ref nodes, start);
            double before = from.Score;
            var rest = text.Length - start;
            var character = Math.Min(Utf8.CharacterLength(Unsafe.Add(ref bytes, start)), rest);
            var (hasPiece, node, length) = (false, ByteTrie.Root, 0);
            while (length < rest && trie.Step(ref node, Unsafe.Add(ref bytes, start + length), out var id))
            {
                length++;
                if (id >= 0)
                {
                    Unsafe.Add(ref from, length).Offer(scores[id] + before, length, id);
                    hasPiece |= length == character;
                }
            }

            paths.Work += length + 1;
            if (!hasPiece)
            {
                Unsafe.Add(ref from, character).Offer(unknownScore + from.Score, character, pieces.UnknownId);
            }

            start += character;
        }
    }

    /// <summary>Finds the best path from the start of a text, whose sum is given, to the first place where all paths meet.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <param name="sum">The score of all that is before it.</param>
    /// <param name="paths">Receives the nodes; all must be unreached.</param>
    /// <returns>How far it went, and up to where there are nodes that are reached.</returns>
    private (int Length, int Reach) Search(ReadOnlySpan<byte> text, float sum, BestPaths paths)
    {
        var nodes = paths.Reserve(Math.Min(text.Length, pieces.LongestPiece + 4) + 1);
        nodes[0].Score = sum;
        var (start, reach) = (0, 0);
        do
        {
            if (nodes.Length - start <= Math.Min(text.Length - start, pieces.LongestPiece + 4))
            {
                nodes = paths.Reserve(nodes.Length + 1);
            }

            ref var from = ref nodes[start];
            var before = from.Score;
            var rest = text[start..];
            var character = Math.Min(Utf8.CharacterLength(rest[0]), rest.Length);
            var hasPiece = false;
            var (node, length) = (ByteTrie.Root, 0);
            while (length < rest.Length && trie.Step(ref node, rest[length], out var id))
            {
                length++;
                if (id >= 0)
                {
                    Unsafe.Add(ref from, length).Offer(scores[id] + before, length, id); // There is room for the longest piece.
                    hasPiece |= length == character;
                    reach = Math.Max(reach, start + length);
                }
            }

            paths.Work += length + 1;
            if (!hasPiece)
            {
                nodes[start + character].Offer(unknownScore + before, character, pieces.UnknownId);
                reach = Math.Max(reach, start + character);
            }

            start += character;
        }
        while (start < text.Length && start < reach);
        return (start, reach);
    }
}
