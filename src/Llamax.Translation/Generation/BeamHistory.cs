namespace Llamax.Translation.Generation;

/// <summary>
/// All tokens that the beams of a batch ever took, each with the token before it: beams that share a beginning share
/// its nodes, and a text is written out only when it is returned.
/// </summary>
internal sealed class BeamHistory
{
    /// <summary>The node before the first token.</summary>
    public const int Root = -1;

    private readonly List<(int Token, int Parent)> nodes = [];

    /// <summary>Adds a token and returns its node.</summary>
    public int Add(int token, int parent)
    {
        nodes.Add((token, parent));
        return nodes.Count - 1;
    }

    /// <summary>The tokens from the first to the node's.</summary>
    public int[] Read(int node)
    {
        var length = 0;
        for (var n = node; n != Root; n = nodes[n].Parent)
        {
            length++;
        }

        var tokens = new int[length];
        for (var n = node; n != Root; n = nodes[n].Parent)
        {
            tokens[--length] = nodes[n].Token;
        }

        return tokens;
    }
}
