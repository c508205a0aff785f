using System.CommandLine;
using Llamax.Models.Native;
using TorchSharp;

namespace Llamax.Cli.Commands;

/// <summary>The options of the verbs that compute with a model: where, and in which numbers.</summary>
internal class DeviceArguments
{
    private readonly Option<string> device = new("--device")
    {
        Description = "Where to compute: cpu, cuda, or auto, which takes a GPU where there is one.",
        DefaultValueFactory = _ => "auto",
    };
    private readonly Option<string> type;

    public DeviceArguments(string defaultType = "auto")
    {
        type = new Option<string>("--dtype")
        {
            Description = "Number type to compute in: float32, bfloat16, float16, or auto: float32 on the CPU, bfloat16 on a GPU.",
            DefaultValueFactory = _ => defaultType,
        };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        type.AcceptOnlyFromAmong("auto", "float32", "bfloat16", "float16");
    }

    public virtual void AddTo(Command command)
    {
        command.Options.Add(device);
        command.Options.Add(type);
    }

    public torch.ScalarType Type(ParseResult parsed) => parsed.GetValue(type) switch
    {
        "bfloat16" => torch.ScalarType.BFloat16,
        "float16" => torch.ScalarType.Float16,
        "auto" when Device(parsed).type != DeviceType.CPU => torch.ScalarType.BFloat16,
        _ => torch.ScalarType.Float32,
    };

    /// <summary>What the user calls the number type that is computed in.</summary>
    public string TypeName(ParseResult parsed) => Name(Type(parsed));

    /// <summary>Says where and in which numbers is computed.</summary>
    public void Announce(ParseResult parsed) => Console.Error.WriteLine(
        Device(parsed).type == DeviceType.CPU
            ? $"computing on the CPU in {Name(Type(parsed))}, {torch.get_num_threads()} threads"
            : $"computing on {Device(parsed)} in {Name(Type(parsed))}");

    public torch.Device Device(ParseResult parsed)
    {
        LibTorch.EnsureLoaded();
        if (parsed.GetValue(device) is "cpu" || (parsed.GetValue(device) is "auto" && !torch.cuda.is_available()))
        {
            return torch.CPU;
        }

        return torch.cuda.is_available()
            ? torch.CUDA
            : throw new LlamaxException(
                $"--device cuda: the libtorch in {LibTorch.Directory} sees no GPU. Set LLAMAX_LIBTORCH to the lib folder of a PyTorch with CUDA, or use --device cpu.");
    }

    private static string Name(torch.ScalarType type) => type.ToString().ToLowerInvariant();
}
