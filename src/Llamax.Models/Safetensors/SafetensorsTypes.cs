using static TorchSharp.torch;

namespace Llamax.Models.Safetensors;

/// <summary>The number types of the format and what TorchSharp calls them.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2), ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1), ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static string Names => string.Join(", ", All.Select(type => type.Name));

    public static ScalarType? Find(string? name)
    {
        foreach (var type in All)
        {
            if (type.Name == name)
            {
                return type.Type;
            }
        }

        return null;
    }

    public static string Name(ScalarType type) => Of(type).Name;

    public static int Size(ScalarType type) => Of(type).Size;

    private static (string Name, ScalarType Type, int Size) Of(ScalarType type)
    {
        foreach (var known in All)
        {
            if (known.Type == type)
            {
                return known;
            }
        }

        throw new LlamaxException($"Tensors of type {type} cannot be stored in safetensors; known are {Names}.");
    }
}
