using Llamax.Models;
using Llamax.Models.Checkpoints;
using Llamax.Translation.Generation;
using static TorchSharp.torch;

namespace Llamax.Translation.Checking;

/// <summary>
/// Runs the reference inputs that lie in a model folder (<c>expected.json</c>, <c>expected.safetensors</c>) and compares
/// with the reference outputs: how anyone finds out whether a machine, a number type or a port computes what the original
/// computed.
/// </summary>
public static class ModelCheck
{
    private const string Wanted =
        "Beside the weights, expected.json has to list inputs and what searches find for them, and expected.safetensors the logits of each input: "
        + "docs/model-check.md says what they look like and how the original program writes them.";

    /// <summary>
    /// The largest difference of logits, states, losses and scores that passes: in float32 as it is, in the shorter types as a
    /// share of the reference's largest number where that is above 1, since they round each number by so much.
    /// </summary>
    /// <param name="type">Number type that the model computes in.</param>
    public static double Tolerance(ScalarType type) => type switch
    {
        ScalarType.BFloat16 => 8e-2,
        ScalarType.Float16 => 2e-2,
        _ => 1e-4,
    };

    /// <summary>
    /// Runs all checks of a folder. What the searches find is compared in float32 only: shorter types round, which decides
    /// between texts that are about as likely.
    /// </summary>
    /// <param name="folder">A model folder with its reference outputs.</param>
    /// <param name="type">Number type to compute in.</param>
    /// <param name="device">Where to compute; the CPU where null.</param>
    /// <param name="batchTokens">The token budget of the searches.</param>
    /// <param name="note">Receives what the user should know of weights that are not used.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <exception cref="LlamaxException">There is nothing to compare with, or a file is broken.</exception>
    public static ModelCheckReport Run(
        string folder, ScalarType type = ScalarType.Float32, Device? device = null, int batchTokens = 4096, Action<string>? note = null,
        CancellationToken cancellationToken = default)
    {
        var file = Path.Combine(folder, "expected.json");
        if (!File.Exists(file))
        {
            throw new LlamaxException(
                $"{folder}: there is no expected.json, so there is nothing to compare with. {Wanted}");
        }

        var tensors = Path.Combine(folder, "expected.safetensors");
        using var stored = File.Exists(tensors) ? TensorFiles.Open(tensors) : null;
        var references = new ReferenceTensors(stored);
        var (results, notCompared) = (new List<CheckResult>(), new List<string>());
        switch (ConfigFile.KindOf(folder))
        {
            case ModelKind.Decoder:
                using (var model = ModelFolder.Load(folder, type, device, note))
                {
                    Run(model.Config, model.Device, check => check.Run(model), new BeamSearch(model, EndTokens.Read(folder, model.Config)));
                }

                break;
            case ModelKind.Encoder:
                using (var model = ModelFolder.LoadEncoder(folder, type, device, note))
                {
                    Run(model.Config, model.Device, check => check.Run(model), null);
                }

                break;
            default:
                using (var model = ModelFolder.LoadSequenceToSequence(folder, type, device, note))
                {
                    var search = new BeamSearch(model, EndTokens.Read(folder, model.Decoder.Config));
                    Run(model.Decoder.Config, model.Encoder.Device, check => check.Run(model), search, model.Config.StartId);
                }

                break;
        }

        return results.Count > 0 ? new ModelCheckReport(results, notCompared)
            : throw new LlamaxException($"{folder}: nothing could be compared ({string.Join("; ", notCompared)}). {Wanted}");

        void Run(StackConfig config, Device place, Func<ForwardCheck, List<CheckResult>> forward, BeamSearch? search, int? startId = null)
        {
            var expected = ExpectedFile.Read(file, config.VocabularySize);
            foreach (var (name, input) in expected.Forward)
            {
                cancellationToken.ThrowIfCancellationRequested();
                results.AddRange(forward(new ForwardCheck(name, input, references, place, type)));
            }

            notCompared.AddRange(references.NotCompared([.. expected.Forward.Keys]));
            var reason = search is null ? expected.Generate.Count == 0 ? null : "an encoder writes nothing"
                : expected.Generate.Count == 0 ? "expected.json has no case in 'generate'"
                : type != ScalarType.Float32 ? "they are compared in float32 only" : null;
            if (reason is not null)
            {
                notCompared.Add($"outputs of searches: {reason}");
                return;
            }

            foreach (var (name, generate) in expected.Generate)
            {
                var input = expected.InputOf(name, generate, file);
                results.Add(new GenerateCheck(search!, EndTokens.Read(folder, (DecoderConfig)config), startId, config.PadId, batchTokens, file)
                    .Run(name, input, generate, cancellationToken));
            }
        }
    }
}
