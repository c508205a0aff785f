using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Safetensors;

public sealed class SafetensorsFileTests
{
    private const string Marks = "\"0129{}[]:,-\\eu";
    private const string Two = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""";

    [Fact]
    public void What_is_written_is_read_in_every_type()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        ScalarType[] types =
        [
            ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64,
            ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
        ];
        var tensors = types.Select((type, i) => ($"t{i}", (arange(6) % 2).to_type(type).view(2, 3).t())).ToList();
        tensors.Add(("scalar", tensor(7f)));
        tensors.Add(("empty", zeros(0, 5)));
        SafetensorsWriter.Write(folder.File("x.safetensors"), tensors);
        using var file = SafetensorsFile.Open(folder.File("x.safetensors"));
        Assert.Equal(tensors.Count, file.Tensors.Count);
        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var (name, value) in tensors)
        {
            var read = file.Read(name);
            Assert.Equal(value.dtype, read.dtype);
            Assert.Equal(value.shape, read.shape);
            Assert.True(value.NumberOfElements == 0 || read.eq(value).all().item<bool>());
        }
    }

    [Theory]
    [InlineData("llama2/model")]
    [InlineData("llama_tied/model")]
    [InlineData("llama2/expected")]
    public void Files_of_the_reference_library_are_written_byte_for_byte(string name)
    {
        var path = Shared.Path("fixtures", $"{name}.safetensors");
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        SafetensorsWriter.Write(
            folder.File("copy"), file.Tensors.Select(entry => (entry.Name, file.Read(entry.Name))), file.Metadata);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.File("copy")));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "follow the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[30],"data_offsets":[8,38]}}""", "cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[9,11]}}""", "gap or overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[7,11]}}""", "gap or overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not take 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "does not take 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}}""", "'F8'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[7],"data_offsets":[4,11]}}""", "occurs twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[11],"shape":[11],"data_offsets":[0,11]}}""", "a key twice")]
    [InlineData("""{"__metadata__":{"x":1},"a":{"dtype":"U8","shape":[11],"data_offsets":[0,11]}}""", "not a string")]
    [InlineData("""{"a":[]}""", "not an object")]
    [InlineData("[]", "'{'")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"\ud800":{}}""", "")]
    public void Each_breach_of_the_format_is_one_message(string header, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x"), Bytes(header, 11));
        var message = Assert.Throws<LlamaxException>(() => SafetensorsFile.Open(folder.File("x"))).Message;
        Assert.Contains(expected, message);
        Assert.StartsWith(folder.File("x"), message);
    }

    [Fact]
    public void The_bound_of_the_header_is_kept()
    {
        using var folder = new TemporaryFolder();
        var bytes = Bytes(Two, 11);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, 100_000_001);
        File.WriteAllBytes(folder.File("x"), bytes);
        Assert.Contains("at most 100,000,000", Assert.Throws<LlamaxException>(() => SafetensorsFile.Open(folder.File("x"))).Message);
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var bytes = Bytes(Two, 11);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(folder.File("x"), bytes[..length]);
            Assert.Throws<LlamaxException>(() => SafetensorsFile.Open(folder.File("x")));
        }

        File.WriteAllBytes(folder.File("x"), bytes);
        using var whole = SafetensorsFile.Open(folder.File("x"));
        Assert.Equal(2, whole.Tensors.Count);
    }

    [Fact]
    public void Random_damage_gives_a_message_or_a_readable_file()
    {
        using var folder = new TemporaryFolder();
        var bytes = Bytes("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""", 11);
        var edits = Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.OneOf(Gen.Byte, Gen.Int[0, Marks.Length - 1].Select(i => (byte)Marks[i]))).Array[1, 6];
        edits.Sample(
            changes =>
            {
                var damaged = bytes.ToArray();
                foreach (var (at, value) in changes)
                {
                    damaged[at] = value;
                }

                File.WriteAllBytes(folder.File("x"), damaged);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    using var file = SafetensorsFile.Open(folder.File("x"));
                    foreach (var entry in file.Tensors)
                    {
                        file.Read(entry.Name).Dispose();
                    }
                }
                catch (LlamaxException)
                {
                    // As it should be.
                }

                return GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20;
            },
            iter: 5000,
            threads: 1);
    }

    private static byte[] Bytes(string header, int data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }
}
