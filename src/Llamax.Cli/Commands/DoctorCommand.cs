using System.CommandLine;
using Llamax.Models.Native;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax doctor</c>: what a bug report needs, and what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Shows what a bug report needs, and what is missing on this machine.");
        command.SetAction(_ =>
        {
            LibTorch.EnsureLoaded();
            using var x = TorchSharp.torch.ones(2, 2);
            Console.WriteLine($"libtorch {LibTorch.Version} from {LibTorch.Directory} {x.sum().item<float>()}");
            return ExitCodes.Done;
        });
        return command;
    }
}
