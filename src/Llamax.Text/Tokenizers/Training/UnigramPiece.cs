namespace Llamax.Text.Tokenizers.Training;

/// <summary>A piece while a unigram model is trained.</summary>
/// <param name="Place">Where it stands in the corpus.</param>
/// <param name="Rank">The first of all places that begin with it, in the order of what stands there; so pieces can be put in that order.</param>
/// <param name="Length">Number of symbols.</param>
/// <param name="Score">Log-probability.</param>
/// <param name="Shorter">The longest other piece with which it begins, or <see cref="UnigramVocabulary.None"/>.</param>
internal record struct UnigramPiece(int Place, int Rank, int Length, float Score, int Shorter);
