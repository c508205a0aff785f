using System.Text.Json;
using Llamax.Models.Safetensors;
using Llamax.Text.Files;
using Llamax.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Training.Checkpoints;

/// <summary>
/// Everything that a training needs to go on as if it had not been interrupted: <c>state.safetensors</c> with weights and
/// moments in float32 and the state of torch's random numbers, <c>state.json</c> with the rest.
/// </summary>
internal static class Checkpoint
{
    private const string TensorFile = "state.safetensors";
    private const string JsonFile = "state.json";
    private const string RandomState = "random";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes the files.</summary>
    public static void Write(string folder, TrainingState state, FlatParameters parameters, AdamW optimizer)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(
            Path.Combine(folder, TensorFile), [.. Tensors(parameters, optimizer), (RandomState, Generator.Default.get_state())]);
        AtomicFile.WriteText(Path.Combine(folder, JsonFile), JsonSerializer.Serialize(state, Format) + "\n");
    }

    /// <summary>Reads what stands beside the tensors.</summary>
    /// <exception cref="LlamaxException">It is missing or broken.</exception>
    public static TrainingState ReadState(string folder)
    {
        var file = Path.Combine(folder, JsonFile);
        try
        {
            return JsonSerializer.Deserialize<TrainingState>(File.ReadAllBytes(file), Format)
                ?? throw new JsonException("null");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new LlamaxException(
                $"{file}: this checkpoint cannot be read: {exception.Message} Remove its folder to go on from the one before.", exception);
        }
    }

    /// <summary>Reads the tensors into place.</summary>
    /// <exception cref="LlamaxException">The file is broken or belongs to another model.</exception>
    public static void ReadTensors(string folder, FlatParameters parameters, AdamW optimizer)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(folder, TensorFile));
        foreach (var (name, target) in Tensors(parameters, optimizer))
        {
            file.CopyTo(name, target);
        }

        Generator.Default.set_state(file.Read(RandomState));
        parameters.PublishValues();
    }

    private static IEnumerable<(string Name, Tensor Value)> Tensors(FlatParameters parameters, AdamW optimizer) =>
        parameters.Segments.SelectMany(segment => new[]
        {
            ($"{segment.Name}.value", FlatParameters.View(parameters.Values, segment)),
            ($"{segment.Name}.moment", FlatParameters.View(optimizer.Moments, segment)),
            ($"{segment.Name}.square", FlatParameters.View(optimizer.Squares, segment)),
        });
}
