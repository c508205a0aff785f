namespace Llamax.Recipes.Stages;

/// <summary>One step of a run: from named inputs and settings to files in its own folder.</summary>
internal abstract class Stage
{
    /// <summary>The name of the stage and of its folder.</summary>
    public abstract string Name { get; }

    /// <summary>The settings that the outputs depend on. What changes only speed or messages stays out.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The input files by the name that messages use: a key of the recipe, or a path in the run folder.</summary>
    /// <remarks>Asked for when the stages before it are done.</remarks>
    public abstract IReadOnlyDictionary<string, string> Inputs { get; }

    /// <summary>The files that later stages and the user rely on, as paths in the stage's folder; asked for when it is done.</summary>
    public abstract IEnumerable<string> Outputs { get; }

    /// <summary>Whether what an interrupted run left in the folder can be gone on from; otherwise the folder is emptied.</summary>
    public abstract bool CanResume { get; }

    /// <summary>
    /// Whether something in the stage's folder stays where what the stage is made from has changed: it says itself what it
    /// was made from, and the stage takes up what still fits.
    /// </summary>
    /// <param name="name">Its name in the folder.</param>
    public virtual bool Outlives(string name) => false;

    /// <summary>Takes from what outlives a change whatever belonged to the former origins as a whole.</summary>
    /// <param name="path">Its path.</param>
    public virtual void Outdate(string path)
    {
    }

    /// <summary>The programs and libraries besides Llamax and .NET that make the outputs; asked for when it is done.</summary>
    public virtual IReadOnlyDictionary<string, string> Versions => new Dictionary<string, string>();

    /// <summary>Makes the outputs.</summary>
    /// <param name="progress">Receives what is going on.</param>
    /// <param name="cancellation">Ends the stage so that it can be resumed.</param>
    public abstract void Run(IRunProgress progress, CancellationToken cancellation);
}
