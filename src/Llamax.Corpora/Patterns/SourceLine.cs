namespace Llamax.Corpora.Patterns;

/// <summary>Where something stands in the files of a world, for messages.</summary>
internal readonly record struct SourceLine(string File, int Line)
{
    public LlamaxException Error(string message) => new($"{File}:{Line}: {message}.");
}
