using Llamax.Models.Safetensors;

namespace Llamax.Models.Checkpoints;

/// <summary>Opens files of tensors by what they are, not by what they are called.</summary>
public static class TensorFiles
{
    /// <summary>Opens a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LlamaxException">It is missing, broken, or of another format.</exception>
    public static TensorFile Open(string path) => SafetensorsFile.Open(path);
}
