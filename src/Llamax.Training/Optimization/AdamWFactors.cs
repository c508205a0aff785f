namespace Llamax.Training.Optimization;

/// <summary>
/// What the update of one step multiplies with:
/// <c>m += MomentWeight (g − m)</c>, <c>v = SquareKeep v + SquareWeight g²</c>,
/// <c>p = Keep p − StepSize m / (InverseRoot √v + Epsilon)</c> with <c>g = GradientScale · gradient</c>.
/// </summary>
internal readonly record struct AdamWFactors(
    float GradientScale, float MomentWeight, float SquareKeep, float SquareWeight, float InverseRoot, float Epsilon, float StepSize, float Keep)
{
    /// <summary>The factors of AdamW (Loshchilov and Hutter, 2019) with both moments corrected for their start at zero.</summary>
    public static AdamWFactors Of(TrainingOptions options, long step, double learningRate, double gradientScale)
    {
        var correction1 = 1 - Math.Pow(options.Beta1, step);
        var correction2 = 1 - Math.Pow(options.Beta2, step);
        return new AdamWFactors(
            (float)gradientScale,
            (float)(1 - options.Beta1),
            (float)options.Beta2,
            (float)(1 - options.Beta2),
            (float)(1 / Math.Sqrt(correction2)),
            (float)options.Epsilon,
            (float)(learningRate / correction1),
            (float)(1 - (learningRate * options.WeightDecay)));
    }

    /// <summary>The same for parameters that do not decay.</summary>
    public AdamWFactors WithoutDecay() => this with { Keep = 1 };
}
