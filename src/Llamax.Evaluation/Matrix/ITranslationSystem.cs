namespace Llamax.Evaluation.Matrix;

/// <summary>Something that translates and is to be scored.</summary>
public interface ITranslationSystem
{
    /// <summary>The name that scores and files carry.</summary>
    string Name { get; }

    /// <summary>Everything that its translations depend on besides the sentences, as text: where it differs, they are made anew.</summary>
    string Settings { get; }

    /// <summary>Translates sentences, which may be of different directions.</summary>
    /// <param name="tasks">The sentences.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>One translation per task, in the same order, without line breaks.</returns>
    IReadOnlyList<string> Translate(IReadOnlyList<TranslationTask> tasks, CancellationToken cancellationToken);
}
