using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>
/// Python's pickle machine with the opcodes that PyTorch's checkpoints use, without any that runs or imports something.
/// A loop over a stack of its own: nesting costs no stack of ours. Opcodes: CPython's <c>Lib/pickletools.py</c>.
/// </summary>
internal sealed class PickleMachine(PickleSource source)
{
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];

    /// <summary>Every storage that occurred, by its key.</summary>
    public Dictionary<string, PickledStorage> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>The value of the pickle that begins at the source's position.</summary>
    /// <exception cref="LlamaxException">It holds an opcode or a global that is not known, or is broken.</exception>
    public object? Run()
    {
        while (true)
        {
            var at = source.Position;
            var opcode = source.Byte();
            if (opcode == '.')
            {
                return Pop();
            }

            if (!Value(opcode) && !Collect(opcode) && !Remember(opcode) && !Call(opcode))
            {
                throw source.Refused($"the opcode 0x{opcode:X2}{(opcode is > 0x20 and < 0x7F ? $" '{(char)opcode}'" : "")} at byte {at:N0}");
            }
        }
    }

    private bool Value(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Version(); return true;
            case 0x95: Frame(); return true;
            case (byte)'N': Push(null); return true;
            case 0x88: Push(true, 24); return true;
            case 0x89: Push(false, 24); return true;
            case (byte)'K': Push((long)source.Byte(), 24); return true;
            case (byte)'M': Push((long)source.UInt16(), 24); return true;
            case (byte)'J': Push((long)source.Int32(), 24); return true;
            case 0x8A: Push(Integer(source.Byte()), 360); return true;
            case (byte)'G': Push(source.Double(), 24); return true;
            case 0x8C: Push(source.Text(source.Byte())); return true;
            case (byte)'X': Push(source.Text((uint)source.Int32())); return true;
            case 0x8D: Push(source.Text(source.Int64())); return true;
            case (byte)'U' or (byte)'C': Push(source.Text(source.Byte(), Encoding.Latin1)); return true; // Bytes are no tensor's name: Latin-1 takes all.
            case (byte)'T' or (byte)'B': Push(source.Text((uint)source.Int32(), Encoding.Latin1)); return true;
            case 0x8E: Push(source.Text(source.Int64(), Encoding.Latin1)); return true;
            default: return false;
        }
    }

    private bool Collect(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(': source.Charge(8); marks.Add(stack.Count); return true;
            case (byte)')': Push(Array.Empty<object?>()); return true;
            case (byte)'t': Push(Tuple(PopMark())); return true;
            case 0x85: Push(Tuple(1)); return true;
            case 0x86: Push(Tuple(2)); return true;
            case 0x87: Push(Tuple(3)); return true;
            case (byte)']' or 0x8F: Push(new List<object?>(), 96); return true;
            case (byte)'l': Push(Extended([], Tuple(PopMark())), 96); return true;
            case 0x91: Push(Tuple(PopMark())); return true;
            case (byte)'a': Append(Tuple(1)); return true;
            case (byte)'e' or 0x90: Append(Tuple(PopMark())); return true;
            case (byte)'}': Push(new PickledDictionary(), 144); return true;
            case (byte)'d': Push(Filled(new PickledDictionary(), Tuple(PopMark())), 144); return true;
            case (byte)'s': Set(Tuple(2)); return true;
            case (byte)'u': Set(Tuple(PopMark())); return true;
            case (byte)'0': Pop(); return true;
            case (byte)'1': Drop(PopMark()); return true;
            case (byte)'2': Push(Top()); return true;
            default: return false;
        }
    }

    private bool Remember(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'q': Put(source.Byte()); return true;
            case (byte)'r': Put((uint)source.Int32()); return true;
            case 0x94: Put((uint)memo.Count); return true;
            case (byte)'h': Push(Get(source.Byte())); return true;
            case (byte)'j': Push(Get((uint)source.Int32())); return true;
            default: return false;
        }
    }

    private bool Call(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c': Push(Global(source.Line(), source.Line())); return true;
            case 0x93: Push(Global()); return true;
            case (byte)'R' or 0x81:
                var arguments = Pop() as object?[] ?? throw source.Refused("a call whose arguments are no tuple");
                source.Charge(144);
                Push(PickleGlobals.Call(source, Pop(), arguments));
                return true;
            case (byte)'b':
                Pop(); // The state of a dictionary holds notes on the modules only.
                if (Top() is not (PickledDictionary or Inert))
                {
                    throw source.Refused("the state of an object that has none");
                }

                return true;
            case (byte)'Q': source.Charge(232); Push(Storage(Pop())); return true;
            default: return false;
        }
    }

    private void Version()
    {
        if (source.Byte() is var protocol and > 5)
        {
            throw source.Refused($"pickle protocol {protocol}, where 5 is the last known");
        }
    }

    private void Frame()
    {
        if (source.Int64() is var length && (length < 0 || length > source.Left))
        {
            throw source.Refused($"a frame of {length:N0} bytes, where {source.Left:N0} are left");
        }
    }

    private object Integer(int length)
    {
        var value = new BigInteger(source.Bytes(length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private object Global()
    {
        var (name, module) = (Pop(), Pop());
        return module is string of && name is string what ? Global(of, what) : throw source.Refused("a global whose name is no text");
    }

    private object Global(string module, string name) =>
        PickleGlobals.Find(module, name) ?? throw source.Refused($"the global '{Shown(module)}.{Shown(name)}'");

    private static string Shown(string name) =>
        string.Concat(name.Take(80).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));

    private PickledStorage Storage(object? id)
    {
        if (id is not object?[] parts || parts is not ["storage", StorageClass type, string key, _, long and >= 0 and var count, .. var rest])
        {
            throw source.Refused("a persistent id that is no storage");
        }

        var storage = rest switch
        {
            [] or [null] => new PickledStorage(key, type.Type, count, 0, count),
            [object?[] and [_, long start, long part]] when start >= 0 && part >= 0 && start <= count && part <= count - start =>
                new PickledStorage(key, type.Type, count, start, part),
            _ => throw source.Refused($"storage '{Shown(key)}' with a part that does not lie within it"),
        };
        return !Storages.TryGetValue(key, out var known) || (known.Type, known.Count) == (type.Type, count)
            ? Storages[key] = storage : throw source.Refused($"storage '{Shown(key)}' with two types or lengths");
    }

    private void Push(object? value, int bytes = 0)
    {
        source.Charge(bytes + (stack.Count == stack.Capacity ? 16L * Math.Max(4, stack.Count) : 0));
        stack.Add(value);
    }

    private object? Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object? Top() => stack.Count > Floor ? stack[^1] : throw source.Refused("a value is taken from an empty stack");

    /// <summary>Values below the last mark are out of reach until it is taken.</summary>
    private int Floor => marks.Count == 0 ? 0 : marks[^1];

    /// <summary>Takes the last mark and gives the number of values above it.</summary>
    private int PopMark()
    {
        if (marks.Count == 0)
        {
            throw source.Refused("a mark is missing");
        }

        var count = stack.Count - marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return count;
    }

    private object?[] Tuple(int count)
    {
        if (stack.Count - Floor < count)
        {
            throw source.Refused("a value is taken from an empty stack");
        }

        source.Charge(24 + (8L * count));
        var values = CollectionsMarshal.AsSpan(stack)[^count..].ToArray();
        Drop(count);
        return values;
    }

    private void Drop(int count) => stack.RemoveRange(stack.Count - count, count);

    private void Append(object?[] values)
    {
        switch (Top())
        {
            case List<object?> list: Extended(list, values); break;
            case Inert: break;
            default: throw source.Refused("values are appended to what is no list");
        }
    }

    private List<object?> Extended(List<object?> list, object?[] values)
    {
        source.Charge(16L * values.Length);
        list.AddRange(values);
        return list;
    }

    private void Set(object?[] pairs)
    {
        switch (Top())
        {
            case PickledDictionary dictionary: Filled(dictionary, pairs); break;
            case Inert: break;
            default: throw source.Refused("entries are set in what is no dictionary");
        }
    }

    private PickledDictionary Filled(PickledDictionary dictionary, object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
        {
            throw source.Refused("a key of a dictionary has no value");
        }

        source.Charge(20L * pairs.Length);
        for (var i = 0; i < pairs.Length; i += 2)
        {
            dictionary.Items.Add((pairs[i], pairs[i + 1]));
        }

        return dictionary;
    }

    private void Put(uint index)
    {
        source.Charge(96);
        memo[index] = Top();
    }

    private object? Get(uint index) =>
        memo.TryGetValue(index, out var value) ? value : throw source.Refused($"entry {index} of the memo was never set");
}
