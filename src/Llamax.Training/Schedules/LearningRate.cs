namespace Llamax.Training.Schedules;

/// <summary>The learning rate as a function of the step alone, so that a resumed run needs no more than the step.</summary>
internal static class LearningRate
{
    /// <summary>The rate of a step.</summary>
    /// <param name="options">Rate, warm-up and kind.</param>
    /// <param name="step">From 1 to <paramref name="steps"/>.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public static double At(TrainingOptions options, long step, long steps)
    {
        if (step < options.WarmupSteps)
        {
            return options.LearningRate * step / options.WarmupSteps;
        }

        if (options.Schedule == ScheduleKind.Constant)
        {
            return options.LearningRate;
        }

        // The peak belongs to the last step of the warm-up (or to the first of all), the lowest rate to the last step.
        var peak = Math.Max(options.WarmupSteps, 1);
        var progress = steps > peak ? (double)(step - peak) / (steps - peak) : 0;
        var cosine = 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1)));
        return options.LearningRate * (options.MinLearningRateRatio + ((1 - options.MinLearningRateRatio) * cosine));
    }
}
