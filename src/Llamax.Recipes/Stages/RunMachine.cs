using System.Runtime.InteropServices;
using Llamax.Models.Native;

namespace Llamax.Recipes.Stages;

/// <summary>What one must know of this machine to judge the times of a run.</summary>
internal static class RunMachine
{
    public static IReadOnlyDictionary<string, string> Facts() => new Dictionary<string, string>
    {
        ["processor"] = MachineFacts.Processor() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        ["cores"] = $"{Environment.ProcessorCount}",
        ["instruction sets"] = string.Join(", ", MachineFacts.InstructionSets()),
        ["memory"] = $"{MachineFacts.TotalMemory() / (1 << 30)} GiB",
        ["system"] = RuntimeInformation.OSDescription,
    };
}
