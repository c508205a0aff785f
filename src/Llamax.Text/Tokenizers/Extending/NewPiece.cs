namespace Llamax.Text.Tokenizers.Extending;

/// <summary>A piece that an extension adds.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The piece as the vocabulary writes it.</param>
/// <param name="TokensSaved">By how many tokens the corpus became shorter when it was added.</param>
/// <param name="BaseIds">The ids of its text before the extension.</param>
public sealed record NewPiece(int Id, string Text, long TokensSaved, IReadOnlyList<int> BaseIds);
