namespace Llamax.Recipes;

/// <summary>Receives what a run is doing. Called from the run's thread, in order.</summary>
public interface IRunProgress
{
    /// <summary>A stage is up to date and was left as it is.</summary>
    /// <param name="stage">The stage's name.</param>
    void StageSkipped(string stage);

    /// <summary>A stage begins.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="resumes">Whether it goes on from where an interrupted run stopped.</param>
    /// <param name="reason">Why what was there is done anew; null where nothing was.</param>
    void StageStarted(string stage, bool resumes, string? reason);

    /// <summary>A stage has ended.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="elapsed">Time since it began first.</param>
    void StageFinished(string stage, TimeSpan elapsed);

    /// <summary>Something worth a line of its own, said once.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="message">One line.</param>
    void Note(string stage, string message);

    /// <summary>Where a long piece of work stands; called often, a terminal shows the last one only.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="part">The piece of work, for example a system and what is measured.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all.</param>
    /// <param name="detail">What else is to be seen: loss, speed.</param>
    void Advanced(string stage, string part, long done, long total, string detail);
}
