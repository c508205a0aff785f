using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Training.Normalization;

/// <summary>What text is replaced by before it is cut, as a user chooses it: by a name, or as another model has it.</summary>
internal static class NormalizerChoice
{
    /// <summary>The name and the table of the choice; spaces are left to the caller.</summary>
    /// <param name="name">One of <see cref="CharacterMaps.Names"/>; not looked at where a model is given.</param>
    /// <param name="model">A SentencePiece model file, or null.</param>
    /// <exception cref="LlamaxException">The model cannot be read, or there is no such name.</exception>
    public static NormalizerSpec Of(string name, string? model)
    {
        if (model is not null)
        {
            return SentencePieceModelReader.Read(model).Normalizer;
        }

        return CharacterMaps.Names.Contains(name)
            ? new NormalizerSpec { Name = name, CharacterMap = CharacterMaps.Named(name) }
            : throw new LlamaxException($"There is no normalisation '{name}'. Take one of: {string.Join(", ", CharacterMaps.Names)}.");
    }
}
