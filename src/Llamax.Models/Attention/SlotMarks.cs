namespace Llamax.Models.Attention;

/// <summary>
/// Which slots of a sentence each of its beams sees, and how far they are. The bookkeeping of <see cref="TensorBeamCache"/>,
/// in arrays on this machine.
/// </summary>
internal sealed class SlotMarks(int beams)
{
    // Steps between two passes: each pass copies the cache once, and each step leaves up to beams − 1 dead slots.
    private const int StepsBetweenPasses = 16;

    private bool[] sees = []; // [sentences, beams, capacity]
    private int[] positions = []; // [sentences, capacity], from the first token after the prefix
    private int[] lengths = []; // [sentences], tokens after the prefix, of the prompt and written

    /// <summary>Sentences that run.</summary>
    public int Sentences => lengths.Length;

    /// <summary>Slots in use, of the sentence with the most.</summary>
    public int Used { get; private set; }

    /// <summary>Slots of each sentence.</summary>
    public int Capacity { get; private set; }

    /// <summary>Sentences enter behind the others, with prompts of these lengths and nothing written.</summary>
    public void Enter(ReadOnlySpan<int> added)
    {
        Resize([.. lengths, .. added], Used + (beams * StepsBetweenPasses));
    }

    /// <summary>Sentences leave, and with them and before them the slots that no beam sees.</summary>
    /// <returns>How slots move.</returns>
    public Moves Leave(ReadOnlySpan<int> kept) => DropUnseen(kept);

    /// <summary>Beams continue others; each gets a slot for its next token.</summary>
    /// <returns>How slots move, or null where they stay.</returns>
    public Moves? Follow(ReadOnlySpan<int> parents)
    {
        var followed = new bool[sees.Length];
        for (var row = 0; row < Sentences * beams; row++)
        {
            sees.AsSpan(((row / beams * beams) + parents[row]) * Capacity, Used).CopyTo(followed.AsSpan(row * Capacity));
        }

        sees = followed;
        var moves = Used + beams > Capacity ? DropUnseen([.. Enumerable.Range(0, Sentences)]) : null;
        for (var row = 0; row < Sentences * beams; row++)
        {
            sees[(row * Capacity) + Used + (row % beams)] = true;
            positions[(row / beams * Capacity) + Used + (row % beams)] = lengths[row / beams];
        }

        for (var i = 0; i < Sentences; i++)
        {
            lengths[i]++;
        }

        Used += beams;
        return moves;
    }

    /// <summary>0 where a beam sees a token, else −∞, <c>[sentences, beams, room + used]</c>.</summary>
    /// <param name="prompts">Tokens of each sentence's prompt.</param>
    /// <param name="room">Tokens that a prompt has room for.</param>
    public float[] Mask(ReadOnlySpan<int> prompts, int room)
    {
        var mask = new float[Sentences * beams * (room + Used)];
        for (var row = 0; row < Sentences * beams; row++)
        {
            var own = mask.AsSpan(row * (room + Used), room + Used);
            own[prompts[row / beams]..room].Fill(float.NegativeInfinity);
            for (var slot = 0; slot < Used; slot++)
            {
                own[room + slot] = sees[(row * Capacity) + slot] ? 0 : float.NegativeInfinity;
            }
        }

        return mask;
    }

    /// <summary>How far the newest token of a sentence is from prefix, prompt and slots, <c>[sentences, prefix + room + used]</c>.</summary>
    /// <param name="prefix">Tokens of the prefix.</param>
    /// <param name="room">Tokens that a prompt has room for.</param>
    public long[] Distances(int prefix, int room)
    {
        var width = prefix + room + Used;
        var distances = new long[Sentences * width];
        for (var i = 0; i < Sentences; i++)
        {
            var row = distances.AsSpan(i * width, width);
            for (var position = 0; position < prefix + room; position++)
            {
                row[position] = Math.Max(0, prefix + lengths[i] - 1 - position);
            }

            for (var slot = 0; slot < Used; slot++)
            {
                row[prefix + room + slot] = Math.Max(0, lengths[i] - 1 - positions[(i * Capacity) + slot]);
            }
        }

        return distances;
    }

    /// <summary>Moves the slots of the kept sentences that some beam sees to the front and makes new room behind them.</summary>
    private Moves DropUnseen(ReadOnlySpan<int> kept)
    {
        var (live, keptLengths) = (new List<int>[kept.Length], new int[kept.Length]);
        for (var i = 0; i < kept.Length; i++)
        {
            var place = kept[i];
            live[i] = [.. Enumerable.Range(0, Used).Where(slot => IsSeen(place, slot))];
            keptLengths[i] = lengths[place];
        }

        var (oldSees, oldPositions, oldCapacity) = (sees, positions, Capacity);
        Used = live.Length == 0 ? 0 : live.Max(slots => slots.Count);
        (sees, positions, Capacity) = ([], [], 0);
        Resize(keptLengths, Used + (beams * StepsBetweenPasses));
        var slots = new long[kept.Length * Capacity]; // What stays 0 fills room that is not used yet.
        for (var i = 0; i < kept.Length; i++)
        {
            for (var slot = 0; slot < live[i].Count; slot++)
            {
                slots[(i * Capacity) + slot] = live[i][slot];
                positions[(i * Capacity) + slot] = oldPositions[(kept[i] * oldCapacity) + live[i][slot]];
                for (var beam = 0; beam < beams; beam++)
                {
                    sees[(((i * beams) + beam) * Capacity) + slot] = oldSees[(((kept[i] * beams) + beam) * oldCapacity) + live[i][slot]];
                }
            }
        }

        return new Moves(Array.ConvertAll(kept.ToArray(), place => (long)place), slots, Capacity);
    }

    private bool IsSeen(int sentence, int slot)
    {
        for (var row = sentence * beams; row < (sentence + 1) * beams; row++)
        {
            if (sees[(row * Capacity) + slot])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sets the sentences and the capacity, keeping the marks of those that run.</summary>
    private void Resize(int[] newLengths, int newCapacity)
    {
        var (newSees, newPositions) = (new bool[newLengths.Length * beams * newCapacity], new int[newLengths.Length * newCapacity]);
        var kept = Math.Min(Capacity, newCapacity);
        for (var i = 0; i < sees.Length / Math.Max(1, beams * Capacity); i++)
        {
            positions.AsSpan(i * Capacity, kept).CopyTo(newPositions.AsSpan(i * newCapacity));
            for (var row = i * beams; row < (i + 1) * beams; row++)
            {
                sees.AsSpan(row * Capacity, kept).CopyTo(newSees.AsSpan(row * newCapacity));
            }
        }

        (sees, positions, lengths, Capacity) = (newSees, newPositions, newLengths, newCapacity);
    }

    /// <summary>How slots move.</summary>
    /// <param name="Sentences">The sentences that stay, as places before.</param>
    /// <param name="Slots">For each of their slots, the slot before, <c>[sentences, capacity]</c>.</param>
    /// <param name="Capacity">Slots from now on.</param>
    internal sealed record Moves(long[] Sentences, long[] Slots, int Capacity);
}
