using System.Runtime.InteropServices;
using CsCheck;
using Llamax.Models.Checkpoints;
using Llamax.Models.Checkpoints.Pickles;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Testing.Pickles;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Checkpoints.Pickles;

public sealed class PickleFileTests
{
    private const string Marks = "()}]tRQbqhjrXcuse.0";
    private static readonly float[] Six = [0, 1, 2, 3, 4, 5];

    [Theory]
    [InlineData("gpt2_fp16_sharded_bin", "gpt2", ScalarType.Float16)]
    [InlineData("llama2_legacy_bin", "llama2", ScalarType.Float32)]
    [InlineData("m2m100_bin", "m2m100", ScalarType.Float32)]
    [InlineData("t5_v11_bf16_bin", "t5_v11", ScalarType.BFloat16)]
    [InlineData("llama2_bf16_sharded", "llama2", ScalarType.BFloat16)]
    public void Every_tensor_of_other_formats_equals_its_twin(string name, string twin, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var expected = SafetensorsFile.Open(Shared.Path("fixtures", twin, "model.safetensors"));
        using var weights = WeightFiles.Open(Shared.Path("fixtures", "alt_formats", name));
        foreach (var entry in expected.Tensors)
        {
            var stored = weights.Find(entry.Name);
            Assert.NotNull(stored);
            Assert.Equal(type, stored.Type);
            var read = zeros([.. entry.Shape], ScalarType.Float32);
            weights.CopyTo(entry.Name, read);
            Assert.True(read.eq(expected.Read(entry.Name).to_type(type).to_type(ScalarType.Float32)).all().item<bool>(), entry.Name);
        }
    }

    [Theory]
    [InlineData("comet_wmt22")]
    [InlineData("comet_softmax")]
    [InlineData("comet_softmax_layernorm")]
    public void Checkpoints_of_trainers_give_their_weights(string name)
    {
        using var scope = NewDisposeScope();
        using var expected = SafetensorsFile.Open(Shared.Path("fixtures", name, "model.safetensors"));
        using var file = TensorFiles.Open(Shared.Path("fixtures", name, "checkpoints", "model.ckpt"));
        Assert.All(expected.Tensors, entry => Assert.True(file.Read(entry.Name).eq(expected.Read(entry.Name)).all().item<bool>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Names_that_share_a_storage_and_views_of_it_are_read(bool zip64)
    {
        using var scope = NewDisposeScope();
        var pickle = PickleBytes.Start().Op('}').Op('(')
            .Text("whole").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1])
            .Text("turned").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])
            .Text("row").Tensor("FloatStorage", "0", 6, 3, [3], [1])
            .Text("column").Tensor("FloatStorage", "0", 6, 1, [2], [3])
            .Text("scalar").Tensor("FloatStorage", "0", 6, 5, [], [])
            .Text("none").Tensor("FloatStorage", "0", 6, 6, [0, 7], [7, 1])
            .Text("one").Tensor("FloatStorage", "0", 6, 0, [1, 6], [77, 1])
            .Op('u').Done();
        using var file = Open(new ZipBytes().Add("m/data.pkl", pickle).Add("m/data/0", Bytes(Six)).Done(zip64));
        var whole = arange(6, ScalarType.Float32).view(2, 3);
        Assert.True(file.Read("whole").eq(whole).all().item<bool>());
        Assert.True(file.Read("turned").eq(whole.t()).all().item<bool>());
        Assert.True(file.Read("row", ScalarType.Float64).eq(whole[1]).all().item<bool>());
        Assert.True(file.Read("column", ScalarType.BFloat16).eq(whole[TensorIndex.Colon, 1]).all().item<bool>());
        Assert.Equal(5, file.Read("scalar").item<float>());
        Assert.Equal([0L, 7], file.Read("none").shape);
        Assert.Equal((24, (IReadOnlyList<long>?)null), (file.Find("one")!.Length, file.Find("one")!.Strides));
        var target = zeros(2, 3);
        file.CopyTo("turned", target.t()); // A target may have strides, too.
        Assert.True(target.eq(whole).all().item<bool>());
    }

    [Fact]
    public void Untyped_storages_parameters_and_what_lies_beside_the_weights_are_read()
    {
        using var scope = NewDisposeScope();
        var pickle = PickleBytes.Start(4).Op('}').Op('(')
            .Text("epoch").Number(3)
            .Text("hyper_parameters").Global("argparse", "Namespace").Op(')').Raw(0x81).Op('}').Text("lr").Op('G').Raw(new byte[8]).Op('s').Op('b')
            .Text("callbacks").Op('}').Global("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint").Op('}').Op('s')
            .Text("state_dict").Global("collections", "OrderedDict").Op(')').Op('R').Op('(')
            .Text("a").Global("torch._utils", "_rebuild_parameter").Op('(').Tensor("HalfStorage", "x", 2, 0, [2], [1]).Raw(0x88).Op('N').Op('t').Op('R')
            .Text("b").Global("torch._utils", "_rebuild_tensor_v3").Op('(').Storage("UntypedStorage", "y", 8, "torch.storage")
            .Number(1).Numbers(1).Numbers(1).Raw(0x89).Op('N').Global("torch", "float32").Op('t').Op('R')
            .Op('u').Op('}').Text("_metadata").Op('}').Op('s').Op('b')
            .Op('u').Done();
        using var file = Open(ZipBytes.Checkpoint(pickle, ("x", Bytes<Half>([(Half)1, (Half)2])), ("y", Bytes<float>([3, 4]))));
        Assert.Equal(["a", "b"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(2, file.Read("a", ScalarType.Float32)[1].item<float>());
        Assert.Equal(4, file.Read("b").item<float>());
    }

    [Theory]
    [InlineData("alt_formats/llama2_legacy_bin/pytorch_model.bin")]
    [InlineData("alt_formats/gpt2_fp16_sharded_bin/pytorch_model-00001-of-00004.bin")]
    [InlineData("comet_softmax/checkpoints/model.ckpt")]
    public void Random_damage_gives_a_message_or_a_readable_file(string name)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Shared.Path(["fixtures", .. name.Split('/')]));
        var isZip = bytes[0] == 'P';
        var structure = Enumerable.Range(0, 12_000).Concat(isZip ? Enumerable.Range(bytes.Length - 9000, 9000) : []).Where(at => at < bytes.Length).ToArray();
        File.WriteAllBytes(folder.File("x"), bytes);
        using var stream = new FileStream(folder.File("x"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
        var (opened, refused) = (0, 0);
        Gen.Select(Gen.Int[0, structure.Length - 1], Gen.OneOf(Gen.Byte, Gen.Int[0, Marks.Length - 1].Select(i => (byte)Marks[i]))).Array[1, 4].Sample(
            changes =>
            {
                changes.ToList().ForEach(change => Put(structure[change.Item1], change.Item2));
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    using var file = TensorFiles.Open(folder.File("x"));
                    foreach (var entry in file.Tensors.Take(5))
                    {
                        file.Read(entry.Name).Dispose();
                    }

                    opened++;
                }
                catch (LlamaxException exception)
                {
                    Assert.StartsWith(folder.File("x"), exception.Message, StringComparison.Ordinal);
                    refused++;
                }

                var taken = GC.GetAllocatedBytesForCurrentThread() - before;
                changes.ToList().ForEach(change => Put(structure[change.Item1], bytes[structure[change.Item1]]));
                return taken < (16L * bytes.Length) + (1 << 20);
            },
            iter: 1500,
            threads: 1);
        Assert.True(opened > 0 && refused > 100);

        void Put(int at, byte value)
        {
            stream.Position = at;
            stream.WriteByte(value);
            stream.Flush();
        }
    }

    [Theory]
    [InlineData("alt_formats/llama2_legacy_bin/pytorch_model.bin")]
    [InlineData("alt_formats/gpt2_fp16_sharded_bin/pytorch_model-00004-of-00004.bin")]
    public void Truncations_are_noticed(string name)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Shared.Path(["fixtures", .. name.Split('/')]));
        for (var length = 0; length < bytes.Length; length += length < 100 ? 1 : 1 + (bytes.Length / 211))
        {
            File.WriteAllBytes(folder.File("x"), bytes[..length]);
            Assert.Throws<LlamaxException>(() => TensorFiles.Open(folder.File("x")));
        }
    }

    private static TensorFile Open(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.bin"), bytes);
        return TensorFiles.Open(folder.File("x.bin")); // An open file can be read though its name is gone.
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
