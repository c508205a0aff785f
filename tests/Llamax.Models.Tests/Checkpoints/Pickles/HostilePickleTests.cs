using Llamax.Models.Checkpoints;
using Llamax.Testing;
using Llamax.Testing.Pickles;

namespace Llamax.Models.Tests.Checkpoints.Pickles;

/// <summary>Files made to run code, to take memory, or to lead elsewhere: each is refused by the name of what it tried.</summary>
public sealed class HostilePickleTests
{
    private static readonly byte[] Four = new byte[16];

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch", "load")]
    [InlineData("torch._utils", "_rebuild_tensor_v2.__globals__")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("collections", "OrderedDict ")]
    public void Code_is_refused_by_its_name(string module, string name)
    {
        var marker = Path.Combine(Path.GetTempPath(), "llamax-was-executed");
        var direct = PickleBytes.Start().Global(module, name).Op('(').Text($"touch {marker}").Op('t').Op('R').Done();
        Refuses(ZipBytes.Checkpoint(direct), $"the global '{module}.{name}'");
        Refuses(direct, "no PyTorch checkpoint", orElse: $"the global '{module}.{name}'");
        var onStack = PickleBytes.Start(4).Text(module).Text(name).Raw(0x93).Op('(').Text($"touch {marker}").Op('t').Op('R').Done();
        Refuses(ZipBytes.Checkpoint(onStack), $"the global '{module}.{name}'");
        var beside = PickleBytes.Start().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 4, 0, [4], [1])
            .Text("hyper_parameters").Global(module, name).Op('u').Done();
        Refuses(ZipBytes.Checkpoint(beside, ("0", Four)), $"the global '{module}.{name}'");
        Assert.False(File.Exists(marker));
    }

    [Theory]
    [InlineData('i', "'i'")] // INST
    [InlineData('o', "'o'")] // OBJ
    [InlineData('P', "'P'")] // PERSID
    [InlineData('I', "'I'")] // INT as text
    [InlineData('L', "'L'")]
    [InlineData('\u0082', "0x82")] // EXT1
    [InlineData('\u0092', "0x92")] // NEWOBJ_EX
    [InlineData('\u008b', "0x8B")] // LONG4
    [InlineData('\u0097', "0x97")] // NEXT_BUFFER
    public void Other_opcodes_are_refused_by_their_name(char opcode, string expected) =>
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Op('(').Op(opcode).Raw("os\nsystem\n"u8).Done()), $"the opcode 0x{(int)opcode:X2}", expected);

    [Fact]
    public void Calls_of_known_globals_in_other_ways_are_refused()
    {
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Global("torch._utils", "_rebuild_tensor_v2").Op('(').Text("x").Op('t').Op('R').Done()), "arguments");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Global("torch", "FloatStorage").Op(')').Op('R').Done()), "no function");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Global("collections", "OrderedDict").Numbers(1).Op('R').Done()), "list of pairs");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Text("x").Op('}').Op('b').Done()), "the state of an object");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Text("module").Op('Q').Done()), "persistent id");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Op('}').Op('(').Op('R').Done()), "empty stack");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Op('h').Raw(9).Done()), "entry 9 of the memo");
    }

    [Fact]
    public void Nesting_costs_no_stack()
    {
        var deep = PickleBytes.Start();
        for (var i = 0; i < 30_000; i++)
        {
            deep.Op(']');
        }

        for (var i = 0; i < 29_999; i++)
        {
            deep.Op('a');
        }

        Refuses(ZipBytes.Checkpoint(deep.Done(), ("0", new byte[1 << 20])), "holds something else");
        var cyclic = PickleBytes.Start().Op('}').Op('q').Raw(0).Text("state_dict").Op('h').Raw(0).Op('s').Done();
        Refuses(ZipBytes.Checkpoint(cyclic), "no tensors");
    }

    [Fact]
    public void Absurd_sizes_take_no_memory()
    {
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Op('X').Raw(0xFF, 0xFF, 0xFF, 0x7F).Done()), "2,147,483,647 bytes, but");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start().Raw(0x8D).Raw(BitConverter.GetBytes(long.MaxValue)).Done()), "bytes, but");
        Refuses(ZipBytes.Checkpoint(PickleBytes.Start(4).Raw(0x95).Raw(BitConverter.GetBytes(long.MaxValue)).Done()), "a frame of");
        Refuses(With("FloatStorage", long.MaxValue, 0, [4], [1]), "9,223,372,036,854,775,807 numbers");
        Refuses(With("FloatStorage", 5, 0, [4], [1]), "takes 16 bytes");
        Refuses(With("DoubleStorage", 4, 0, [4], [1]), "takes 16 bytes");
        Refuses(With("FloatStorage", 4, 0, Enumerable.Repeat(1L, 65).ToArray(), Enumerable.Repeat(1L, 65).ToArray()), "65 dimensions");
    }

    [Theory]
    [InlineData(0, new long[] { 5 }, new long[] { 1 })]
    [InlineData(1, new long[] { 4 }, new long[] { 1 })]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 })]
    [InlineData(long.MaxValue, new long[] { 2 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2 }, new long[] { 4 })]
    [InlineData(3, new long[] { 2 }, new long[] { -1 })]
    [InlineData(0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue })]
    [InlineData(0, new long[] { 1L << 40 }, new long[] { 0 })]
    [InlineData(0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 })]
    [InlineData(0, new long[] { -1, -4 }, new long[] { 1, 1 })]
    [InlineData(0, new long[] { 0, -4 }, new long[] { 1, 1 })]
    [InlineData(5, new long[] { 0 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 1 })]
    public void Views_that_reach_out_of_their_storage_are_refused(long offset, long[] shape, long[] strides) =>
        Refuses(With("FloatStorage", 4, offset, shape, strides), "'w'", "does not lie within its storage of 4 numbers");

    [Fact]
    public void Bombs_of_copies_are_refused_for_what_they_would_take()
    {
        // Each list holds the one before ten times, as a whole: exponential for who copies, linear here.
        var laughs = PickleBytes.Start().Op(']').Op('q').Raw(0);
        for (byte i = 1; i < 60; i++)
        {
            laughs.Op(']').Op('(');
            for (var j = 0; j < 10; j++)
            {
                laughs.Op('h').Raw((byte)(i - 1));
            }

            laughs.Op('e').Op('q').Raw(i);
        }

        Refuses(ZipBytes.Checkpoint(laughs.Done()), "holds something else");

        // A long list of pairs made a dictionary again and again.
        var pairs = PickleBytes.Start().Op(']').Op('q').Raw(0).Op('(');
        for (var i = 0; i < 3000; i++)
        {
            pairs.Op('N').Op('N').Raw(0x86);
        }

        pairs.Op('e');
        for (var i = 0; i < 3000; i++)
        {
            pairs.Global("collections", "OrderedDict").Op('h').Raw(0).Raw(0x85).Op('R').Op('0');
        }

        Refuses(ZipBytes.Checkpoint(pairs.Done()), "bytes of memory");

        // One storage, ever other views of it.
        var views = PickleBytes.Start().Op('}').Op('(');
        for (var i = 0; i < 100; i++)
        {
            views.Text($"w{i}").Tensor("FloatStorage", "0", 1 << 16, i, [(1 << 16) - 100], [1]);
        }

        Refuses(ZipBytes.Checkpoint(views.Op('u').Done(), ("0", new byte[4 << 16])), "views of the same");

        var memo = PickleBytes.Start().Op('N');
        for (var i = 0; i < 200_000; i++)
        {
            memo.Op('r').Raw(BitConverter.GetBytes(i * 7919));
        }

        Refuses(ZipBytes.Checkpoint(memo.Done()), "bytes of memory");
    }

    [Theory]
    [InlineData("../../etc/cron.d/x")]
    [InlineData("/etc/passwd")]
    [InlineData("model/data/../../x")]
    [InlineData("C:\\x")]
    [InlineData("model/\0")]
    public void Names_that_lead_out_of_the_archive_are_refused(string name) =>
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).Add("model/data/0", Four).Add(name, [1]).Done(), "leads out of the archive");

    [Fact]
    public void Archives_that_overlap_or_unpack_are_refused()
    {
        var overlap = new ZipBytes().Add("model/data.pkl", Good()).Add("model/data/0", Four).AddAgain("model/data/1", 0, 40);
        Refuses(overlap.Done(), "overlaps another");
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).AddAgain("model/data/0", 0, 0).Done(), "overlaps another");
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).AddAgain("model/data/0", long.MaxValue - 5, 16).Done(zip64: true), "overlaps another");
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).AddAgain("model/data/0", 0, -16).Done(zip64: true), "overlaps another");
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).Add("model/data/0", Four).Done(method: 8), "compressed");
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).Add("model/data/0", Four).Add("model/data/0", Four).Done(), "is there twice");
        Refuses(new ZipBytes().Add("a/data.pkl", Good()).Add("b/data.pkl", Good()).Add("a/data/0", Four).Done(), "2 records 'NAME/data.pkl'");
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).Done(), "has no record");
        Refuses(new ZipBytes().Add("model/data.pkl", Good()).Add("model/data/0", Four).Add("model/byteorder", "big"u8.ToArray()).Done(), "byte order 'big'");
    }

    [Fact]
    public void Old_checkpoints_are_held_to_their_lengths()
    {
        Assert.Null(Record.Exception(() => Open(Old("0", 4, 4, 16))));
        Refuses(Old("0", 4, 5, 16), "another length");
        Refuses(Old("0", 4, 4, 15), "16 bytes are promised, but 15 are left");
        Refuses(Old("1", 4, 4, 16), "whose type is stated nowhere");
        Refuses(Old("0", long.MaxValue, long.MaxValue, 16), "numbers");
    }

    private static byte[] Good() => PickleBytes.Start().Op('}').Text("w").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Op('s').Done();

    private static byte[] With(string type, long count, long offset, long[] shape, long[] strides) =>
        ZipBytes.Checkpoint(PickleBytes.Start().Op('}').Text("w").Tensor(type, "0", count, offset, shape, strides).Op('s').Done(), ("0", Four));

    private static byte[] Old(string key, long count, long stated, int bytes) =>
    [
        .. PickleBytes.Start().Raw(0x8A, 10).Raw(0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19).Done(),
        .. PickleBytes.Start().Op('M').Raw(0xE9, 0x03).Done(),
        .. PickleBytes.Start().Op('}').Text("little_endian").Raw(0x88).Op('s').Done(),
        .. PickleBytes.Start().Op('}').Text("w").Tensor("FloatStorage", "0", count, 0, [4], [1], legacy: true).Op('s').Done(),
        .. PickleBytes.Start().Op(']').Text(key).Op('a').Done(),
        .. BitConverter.GetBytes(stated), .. new byte[bytes],
    ];

    private static void Open(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.bin"), bytes);
        TensorFiles.Open(folder.File("x.bin")).Dispose();
    }

    private static void Refuses(byte[] bytes, string expected, string? and = null, string? orElse = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.bin"), bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<LlamaxException>(() => TensorFiles.Open(folder.File("x.bin"))).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (16L * bytes.Length) + (1 << 20));
        Assert.StartsWith(folder.File("x.bin"), message, StringComparison.Ordinal);
        Assert.Contains(orElse is not null && message.Contains(orElse, StringComparison.Ordinal) ? orElse : expected, message, StringComparison.Ordinal);
        Assert.Contains(and ?? "", message, StringComparison.Ordinal);
    }
}
