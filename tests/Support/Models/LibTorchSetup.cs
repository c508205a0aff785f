using System.Runtime.CompilerServices;
using Llamax.Models.Native;

namespace Llamax.Testing;

internal static class LibTorchSetup
{
    /// <summary>Tests make tensors of their own; libtorch must be there before the first one.</summary>
    [ModuleInitializer]
    internal static void Load() => LibTorch.EnsureLoaded();
}
