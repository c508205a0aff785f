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
    /// <summary>The largest absolute difference of logits, states, losses and scores that passes.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Runs all checks of a folder.</summary>
    /// <param name="folder">A model folder with its reference outputs.</param>
    /// <param name="type">Number type to compute in.</param>
    /// <param name="batchTokens">The token budget of the searches.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <exception cref="LlamaxException">There is nothing to compare with, or a file is broken.</exception>
    public static IReadOnlyList<CheckResult> Run(
        string folder, ScalarType type = ScalarType.Float32, int batchTokens = 4096, CancellationToken cancellationToken = default)
    {
        var file = Path.Combine(folder, "expected.json");
        if (!File.Exists(file))
        {
            throw new LlamaxException(
                $"{folder}: there is no expected.json, so there is nothing to compare with. Put the reference outputs of the model beside its weights.");
        }

        var tensors = Path.Combine(folder, "expected.safetensors");
        using var references = File.Exists(tensors) ? TensorFiles.Open(tensors) : null;
        var results = new List<CheckResult>();
        switch (ConfigFile.KindOf(folder))
        {
            case ModelKind.Decoder:
                using (var model = ModelFolder.Load(folder, type))
                {
                    Run(model.Config, model.Device, check => check.Run(model), new BeamSearch(model, EndTokens.Read(folder, model.Config)));
                }

                break;
            case ModelKind.Encoder:
                using (var model = ModelFolder.LoadEncoder(folder, type))
                {
                    Run(model.Config, model.Device, check => check.Run(model), null);
                }

                break;
            default:
                using (var model = ModelFolder.LoadSequenceToSequence(folder, type))
                {
                    var search = new BeamSearch(model, EndTokens.Read(folder, model.Decoder.Config));
                    Run(model.Decoder.Config, model.Encoder.Device, check => check.Run(model), search, model.Config.StartId);
                }

                break;
        }

        return results.Count > 0 ? results : throw new LlamaxException($"{file}: neither 'forward' nor 'generate' has a case.");

        void Run(StackConfig config, Device device, Func<ForwardCheck, List<CheckResult>> forward, BeamSearch? search, int? startId = null)
        {
            var expected = ExpectedFile.Read(file, config.VocabularySize);
            foreach (var (name, input) in expected.Forward)
            {
                cancellationToken.ThrowIfCancellationRequested();
                results.AddRange(forward(new ForwardCheck(name, input, references, device)));
            }

            if (search is null)
            {
                return;
            }

            foreach (var (name, generate) in expected.Generate)
            {
                var input = expected.InputOf(name, generate, file);
                results.Add(new GenerateCheck(search, EndTokens.Read(folder, (DecoderConfig)config), startId, config.PadId, batchTokens, file)
                    .Run(name, input, generate, cancellationToken));
            }
        }
    }
}
