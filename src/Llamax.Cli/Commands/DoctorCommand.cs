using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Llamax.Models.Native;
using TorchSharp;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax doctor</c>: what a bug report needs, and what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Shows what a bug report needs, and what is missing on this machine.");
        command.SetAction(_ =>
        {
            var missing = Print();
            Line("", "");
            Console.WriteLine(missing.Count == 0 ? "Nothing is missing." : $"Missing: {string.Join(' ', missing)}");
            return missing.Count == 0 ? ExitCodes.Done : ExitCodes.UserError;
        });
        return command;
    }

    /// <summary>Prints the facts; what cannot be had is returned.</summary>
    private static List<string> Print()
    {
        var missing = new List<string>();
        Line("Llamax", typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        Line(".NET", $"{RuntimeInformation.FrameworkDescription[5..]} ({RuntimeInformation.RuntimeIdentifier})");
        Line("system", RuntimeInformation.OSDescription);
        Line("processor", $"{MachineFacts.Processor() ?? "unknown"}, {Environment.ProcessorCount} cores for this program");
        Line("instructions", string.Join(", ", MachineFacts.InstructionSets()));
        Line("memory", MachineFacts.AvailableMemory() is { } free
            ? $"{Gibibytes(MachineFacts.TotalMemory())}, {Gibibytes(free)} available"
            : Gibibytes(MachineFacts.TotalMemory()));
        try
        {
            LibTorch.EnsureLoaded();
            Line("libtorch", $"{LibTorch.Version} from {LibTorch.Directory}; expected is {LibTorch.ExpectedVersion}.x");
            if (LibTorch.VersionWarning is { } warning)
            {
                Line("", warning);
            }

            Line("CUDA", torch.cuda.is_available() ? $"yes, {torch.cuda.device_count()} devices" : "no, computing on the processor");
            Line("threads", $"{torch.get_num_threads()} of torch for one operation");
            Line("matrix product", $"{MatrixRate.Measure():F0} GFLOP/s in float32");
        }
        catch (LlamaxException exception)
        {
            Line("libtorch", "does not load");
            missing.Add(exception.Message);
        }

        return missing;
    }

    private static string Gibibytes(long bytes) => $"{bytes / (double)(1L << 30):F1} GiB";

    private static void Line(string name, string? value) => Console.WriteLine($"{name,-16}{value}".TrimEnd());
}
