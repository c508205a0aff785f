namespace Llamax.Training.Schedules;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls along half a cosine until the last step (Loshchilov and Hutter, 2017).</summary>
    Cosine,
}
