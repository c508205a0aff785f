using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>The globals that may occur, and what calling one gives. Nothing is looked up anywhere else.</summary>
internal static class PickleGlobals
{
    private const int MaximalDimensions = 64;

    private static readonly Dictionary<string, object> Known = Table();

    /// <summary>What stands in the checkpoints of trainers beside the weights.</summary>
    private static IEnumerable<string> Harmless =>
    [
        "argparse Namespace", "builtins set", "__builtin__ set", "collections Counter", "collections defaultdict",
        "datetime date", "datetime datetime", "datetime timedelta", "pathlib Path", "pathlib PosixPath", "pathlib WindowsPath",
        "_codecs encode", "numpy dtype", "numpy ndarray",
        "numpy.core.multiarray scalar", "numpy._core.multiarray scalar", "numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct",
        "torch device",
        "pytorch_lightning.callbacks.early_stopping EarlyStopping", "lightning.pytorch.callbacks.early_stopping EarlyStopping",
        "pytorch_lightning.callbacks.model_checkpoint ModelCheckpoint", "lightning.pytorch.callbacks.model_checkpoint ModelCheckpoint",
        "pytorch_lightning.utilities.parsing AttributeDict", "lightning.fabric.utilities.data AttributeDict",
    ];

    /// <summary>The meaning of a global, or null where it is refused.</summary>
    public static object? Find(string module, string name) => Known.GetValueOrDefault($"{module} {name}");

    /// <summary>What a call gives.</summary>
    public static object? Call(PickleSource source, object? callee, object?[] arguments) => callee switch
    {
        Inert => callee,
        PickleFunction.OrderedDictionary => Dictionary(source, arguments),
        PickleFunction.Size when arguments is [object?[] dimensions] => dimensions,
        PickleFunction.Size when arguments is [List<object?> dimensions] => Copy(source, dimensions),
        PickleFunction.RebuildTensor when arguments is [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..] =>
            new PickledTensor(storage, storage.Type, offset, Numbers(source, shape), Numbers(source, strides)),
        PickleFunction.RebuildTypedTensor when arguments is [PickledStorage storage, long offset, object?[] shape, object?[] strides, _, _, NumberType type, ..] =>
            new PickledTensor(storage, type.Type, offset, Numbers(source, shape), Numbers(source, strides)),
        PickleFunction.RebuildParameter when arguments is [PickledTensor tensor, ..] => tensor,
        PickleFunction => throw source.Refused($"a call of {callee} with arguments that it does not take"),
        _ => throw source.Refused("a call of what is no function"),
    };

    private static PickledDictionary Dictionary(PickleSource source, object?[] arguments)
    {
        var dictionary = new PickledDictionary();
        if (arguments is [])
        {
            return dictionary;
        }

        if (arguments is not [List<object?> pairs])
        {
            throw source.Refused("a collections.OrderedDict of something else than a list of pairs");
        }

        source.Charge(32L * pairs.Count);
        foreach (var pair in pairs)
        {
            dictionary.Items.Add(pair switch
            {
                object?[] and [var key, var value] => (key, value),
                List<object?> and [var key, var value] => (key, value),
                _ => throw source.Refused("a collections.OrderedDict of something else than a list of pairs"),
            });
        }

        return dictionary;
    }

    private static object?[] Copy(PickleSource source, List<object?> values)
    {
        source.Charge(24 + (8L * values.Count));
        return [.. values];
    }

    private static long[] Numbers(PickleSource source, object?[] values)
    {
        if (values.Length > MaximalDimensions)
        {
            throw source.Refused($"a tensor of {values.Length:N0} dimensions");
        }

        source.Charge(64 + (8 * values.Length));
        return [.. values.Select(value => value is long number ? number : throw source.Refused("a dimension or stride that is no whole number"))];
    }

    private static Dictionary<string, object> Table()
    {
        var table = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["collections OrderedDict"] = PickleFunction.OrderedDictionary,
            ["torch Size"] = PickleFunction.Size,
            ["torch._utils _rebuild_tensor"] = PickleFunction.RebuildTensor,
            ["torch._utils _rebuild_tensor_v2"] = PickleFunction.RebuildTensor,
            ["torch._utils _rebuild_tensor_v3"] = PickleFunction.RebuildTypedTensor,
            ["torch._utils _rebuild_parameter"] = PickleFunction.RebuildParameter,
            ["torch._utils _rebuild_parameter_with_state"] = PickleFunction.RebuildParameter,
            ["torch UntypedStorage"] = new StorageClass(ScalarType.Byte),
            ["torch.storage UntypedStorage"] = new StorageClass(ScalarType.Byte),
        };
        (string Storage, string Name, ScalarType Type)[] types =
        [
            ("Double", "float64", ScalarType.Float64), ("Float", "float32", ScalarType.Float32), ("Half", "float16", ScalarType.Float16),
            ("BFloat16", "bfloat16", ScalarType.BFloat16), ("Long", "int64", ScalarType.Int64), ("Int", "int32", ScalarType.Int32),
            ("Short", "int16", ScalarType.Int16), ("Char", "int8", ScalarType.Int8), ("Byte", "uint8", ScalarType.Byte), ("Bool", "bool", ScalarType.Bool),
        ];
        foreach (var (storage, name, type) in types)
        {
            table[$"torch {storage}Storage"] = table[$"torch.cuda {storage}Storage"] = new StorageClass(type);
            table[$"torch {name}"] = new NumberType(type);
        }

        foreach (var name in Harmless)
        {
            table[name] = Inert.Value;
        }

        return table;
    }
}
