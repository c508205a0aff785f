using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

/// <summary>The merges of a vocabulary that has ranks only, as Hugging Face's converter writes them.</summary>
internal static class HuggingFaceMerges
{
    /// <summary>All ways to cut a token into two, by the token's rank and then by those of its parts.</summary>
    public static IEnumerable<string> Of(ByteLevelTokenizer ranks, int count)
    {
        for (var id = 0; id < count; id++)
        {
            var token = ranks.IdToPiece(id);
            var cuts = Enumerable.Range(1, token.Length - 1).Select(cut => (Left: ranks.PieceToId(token[..cut]), Right: ranks.PieceToId(token[cut..])))
                .Where(cut => cut.Left is not null && cut.Right is not null).Order();
            foreach (var (left, right) in cuts)
            {
                yield return $"{ranks.IdToPiece(left!.Value)} {ranks.IdToPiece(right!.Value)}";
            }
        }
    }
}
