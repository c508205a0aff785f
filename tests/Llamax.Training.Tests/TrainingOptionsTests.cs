using System.ComponentModel.DataAnnotations;

namespace Llamax.Training;

public sealed class TrainingOptionsTests
{
    private static readonly TrainingOptions Valid = new() { Steps = 10 };

    public static TheoryData<TrainingOptions, string> Mistakes => new()
    {
        { Valid with { Steps = 0 }, "either steps or epochs" },
        { Valid with { Epochs = 1 }, "either steps or epochs" },
        { Valid with { BatchTokens = 100, MaxSequence = 101 }, "max_sequence (101) is above batch_tokens (100)" },
        { Valid with { WarmupSteps = 11 }, "warmup_steps (11) is above steps (10)" },
        { Valid with { LearningRate = 0 }, nameof(TrainingOptions.LearningRate) },
        { Valid with { LearningRate = -1e-3 }, nameof(TrainingOptions.LearningRate) },
        { Valid with { Beta2 = 1 }, nameof(TrainingOptions.Beta2) },
        { Valid with { Accumulation = 0 }, nameof(TrainingOptions.Accumulation) },
        { Valid with { KeepCheckpoints = 0 }, nameof(TrainingOptions.KeepCheckpoints) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named(TrainingOptions options, string expected)
    {
        var results = new List<ValidationResult>();
        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true));
        Assert.Contains(results, result => $"{result.ErrorMessage} {string.Join(' ', result.MemberNames)}".Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void The_defaults_with_a_number_of_steps_are_valid() =>
        Validator.ValidateObject(Valid, new ValidationContext(Valid), validateAllProperties: true);
}
