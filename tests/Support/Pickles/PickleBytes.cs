using System.Buffers.Binary;
using System.Text;

namespace Llamax.Testing.Pickles;

/// <summary>Writes pickles opcode by opcode, good ones and others.</summary>
internal sealed class PickleBytes
{
    private readonly MemoryStream stream = new();

    public static PickleBytes Start(byte protocol = 2) => new PickleBytes().Raw(0x80, protocol);

    public byte[] Done() => Op('.').stream.ToArray();

    public PickleBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public PickleBytes Op(char opcode) => Raw((byte)opcode);

    public PickleBytes Text(string text) => Op('X').Raw(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text))).Raw(Encoding.UTF8.GetBytes(text));

    public PickleBytes Global(string module, string name) => Op('c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return Raw(0x8A, 8).Raw(bytes);
    }

    public PickleBytes Numbers(params long[] numbers)
    {
        Op('(');
        foreach (var number in numbers)
        {
            Number(number);
        }

        return Op('t');
    }

    /// <summary>A persistent id.</summary>
    public PickleBytes Storage(string type, string key, long count, string module = "torch") =>
        Op('(').Text("storage").Global(module, type).Text(key).Text("cpu").Number(count).Op('t').Op('Q');

    /// <summary>A tensor in a storage; where <paramref name="legacy"/>, the id states that there is no part.</summary>
    public PickleBytes Tensor(string type, string key, long count, long offset, long[] shape, long[] strides, bool legacy = false)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op('(');
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count);
        return (legacy ? Op('N') : this).Op('t').Op('Q').Number(offset).Numbers(shape).Numbers(strides)
            .Raw(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
    }
}
