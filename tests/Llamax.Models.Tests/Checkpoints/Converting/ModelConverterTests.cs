using System.Text.Json.Nodes;
using Llamax.Models.Checkpoints;
using Llamax.Models.Checkpoints.Converting;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Testing.Pickles;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Checkpoints.Converting;

public sealed class ModelConverterTests
{
    [Theory]
    [InlineData("alt_formats/llama2_legacy_bin", "llama2")]
    [InlineData("alt_formats/m2m100_bin", "m2m100")]
    [InlineData("llama3", "llama3")]
    [InlineData("comet_wmt22/checkpoints/model.ckpt", "comet_wmt22")]
    public void The_same_tensors_give_the_bytes_that_the_reference_library_writes(string source, string twin)
    {
        using var folder = new TemporaryFolder();
        Convert(Fixture(source), folder.File("out"), new ConvertOptions());
        Assert.Equal(File.ReadAllBytes(Shared.Path("fixtures", twin, "model.safetensors")), File.ReadAllBytes(folder.File("out/model.safetensors")));
    }

    [Fact]
    public void Neither_shards_nor_formats_show_in_what_is_written()
    {
        using var folder = new TemporaryFolder();
        var options = new ConvertOptions { Type = ScalarType.BFloat16, ShardBytes = 100_000 };
        Convert(Fixture("alt_formats/llama2_bf16_sharded"), folder.File("a"), options);
        Convert(Fixture("alt_formats/llama2_legacy_bin"), folder.File("b"), options);
        Convert(folder.File("a"), folder.File("c"), options with { ShardBytes = 20_000 });
        Convert(folder.File("c"), folder.File("d"), options);
        var names = Directory.GetFiles(folder.File("a"), "model*").Select(Path.GetFileName).Order().ToList();
        Assert.True(names.Count > 3);
        foreach (var copy in new[] { "b", "d" })
        {
            Assert.Equal(names, Directory.GetFiles(folder.File(copy), "model*").Select(Path.GetFileName).Order());
            Assert.All(names, name => Assert.Equal(File.ReadAllBytes(folder.File($"a/{name}")), File.ReadAllBytes(folder.File($"{copy}/{name}"))));
        }

        using var scope = NewDisposeScope();
        using var model = ModelFolder.Load(folder.File("c"));
        using var expected = ModelFolder.Load(Fixture("alt_formats/llama2_bf16_sharded"));
        Assert.Equal(ScalarType.BFloat16, model.Type);
        Assert.All(expected.Weights().Zip(model.Weights()), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>()));
    }

    [Theory]
    [InlineData(ScalarType.Float16, "float16")]
    [InlineData(ScalarType.BFloat16, "bfloat16")]
    public void Another_type_is_said_in_the_configuration_and_all_else_stays(ScalarType type, string name)
    {
        using var folder = new TemporaryFolder();
        var result = Convert(Fixture("llama2"), folder.File("out"), new ConvertOptions { Type = type });
        var (before, after) = (JsonNode.Parse(File.ReadAllText(Fixture("llama2/config.json")))!, JsonNode.Parse(File.ReadAllText(folder.File("out/config.json")))!);
        Assert.Equal(name, (string?)after["torch_dtype"]);
        before["torch_dtype"] = name;
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
        Assert.Equal(File.ReadAllBytes(Fixture("llama2/generation_config.json")), File.ReadAllBytes(folder.File("out/generation_config.json")));
        Assert.Contains(result.Notes, note => note.Contains("reference outputs", StringComparison.Ordinal));
        Assert.False(File.Exists(folder.File("out/expected.json")));
        Assert.Equal(["config.json", "generation_config.json", "model.safetensors"], Directory.GetFiles(folder.File("out")).Select(Path.GetFileName).Order());

        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(folder.File("out/model.safetensors"));
        using var source = SafetensorsFile.Open(Fixture("llama2/model.safetensors"));
        Assert.All(source.Tensors, entry => Assert.True(file.Read(entry.Name).eq(source.Read(entry.Name).to_type(type)).all().item<bool>()));
    }

    [Theory]
    [InlineData("llama2", 200)]
    [InlineData("llama3", 1000)]
    [InlineData("alt_formats/m2m100_bin", 500)]
    [InlineData("alt_formats/gpt2_fp16_sharded_bin", 400)]
    public void The_vocabulary_shrinks_and_grows_by_mean_rows(string source, int rows)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Convert(Fixture(source), folder.File("out"), new ConvertOptions { Vocabulary = rows });
        Assert.Equal(rows, (int?)JsonNode.Parse(File.ReadAllText(folder.File("out/config.json")))!["vocab_size"]);
        using var before = WeightFiles.Open(Fixture(source));
        using var after = WeightFiles.Open(folder.File("out"));
        var resized = 0;
        foreach (var entry in after.Entries)
        {
            var (old, now) = (before.Holding(entry.Name).Read(entry.Name), after.Holding(entry.Name).Read(entry.Name));
            if (!VocabularyRows.Has(entry.Name))
            {
                Assert.True(old.eq(now).all().item<bool>(), entry.Name);
                continue;
            }

            resized++;
            Assert.Equal(rows, now.shape[0]);
            var kept = Math.Min(rows, old.shape[0]);
            Assert.True(old[..(int)kept].eq(now[..(int)kept]).all().item<bool>(), entry.Name);
            if (kept < rows)
            {
                var mean = old.to_type(ScalarType.Float64).mean([0L]);
                Assert.True((now[(int)kept..].to_type(ScalarType.Float64) - mean).abs().max().item<double>() < 1e-4);
            }
        }

        Assert.True(resized > 0);
    }

    [Fact]
    public void Tied_weights_and_views_are_written_once_and_whole()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var pickle = PickleBytes.Start().Op('}').Op('(')
            .Text("z.first").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3]).Text("a.second").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])
            .Text("row").Tensor("FloatStorage", "0", 6, 3, [3], [1]).Op('u').Done();
        File.WriteAllBytes(folder.File("x.ckpt"), ZipBytes.Checkpoint(pickle, ("0", [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))])));
        var result = Convert(folder.File("x.ckpt"), folder.File("out"), new ConvertOptions { Type = ScalarType.Float16 });
        Assert.Contains("'a.second' is the same as 'z.first'", Assert.Single(result.Notes), StringComparison.Ordinal);
        using var file = SafetensorsFile.Open(folder.File("out/model.safetensors"));
        Assert.Equal(["row", "z.first"], file.Tensors.Select(entry => entry.Name));
        Assert.True(file.Read("z.first").eq(arange(6).view(2, 3).t()).all().item<bool>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_output_that_is_said_to_be_untied_is_written_even_where_it_shares_its_bytes(bool isExplicit)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var model = TestModels.Small(keyValueHeads: 2);
        ModelFolder.Save(model, folder.File("in"));
        File.Delete(folder.File("in/model.safetensors"));
        var config = JsonNode.Parse(File.ReadAllText(folder.File("in/config.json")))!.AsObject();
        Assert.False((bool)config["tie_word_embeddings"]!);
        if (!isExplicit)
        {
            config.Remove("tie_word_embeddings");
            File.WriteAllText(folder.File("in/config.json"), config.ToJsonString());
        }

        var pickle = PickleBytes.Start().Op('}').Op('(');
        var storages = new List<(string Key, byte[] Bytes)>();
        foreach (var (name, value) in model.Weights())
        {
            var key = name == "lm_head.weight" ? "model.embed_tokens.weight" : name;
            var strides = value.shape.Length == 1 ? [1L] : new[] { value.shape[1], 1 };
            pickle.Text(name).Tensor("FloatStorage", key, value.numel(), 0, value.shape, strides);
            if (key == name)
            {
                storages.Add((key, value.detach().contiguous().bytes.ToArray()));
            }
        }

        File.WriteAllBytes(folder.File("in/pytorch_model.bin"), ZipBytes.Checkpoint(pickle.Op('u').Done(), [.. storages]));
        Assert.Empty(Convert(folder.File("in"), folder.File("out"), new ConvertOptions()).Notes);
        using var before = ModelFolder.Load(folder.File("in"));
        using var after = ModelFolder.Load(folder.File("out"));
        Assert.Contains("lm_head.weight", after.Weights().Select(weight => weight.Name));
        Assert.All(before.Weights().Zip(after.Weights()), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>(), pair.First.Name));
    }

    [Theory]
    [InlineData("qwen2", "model.embed_tokens.weight", "lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("gpt2", "wte.weight", "lm_head.weight", "wte.weight")]
    [InlineData("m2m_100", "model.shared.weight", "lm_head.weight", "model.encoder.embed_tokens.weight", "model.shared.weight")]
    [InlineData("t5", "shared.weight", "lm_head.weight", "decoder.embed_tokens.weight", "shared.weight")]
    [InlineData("unheard", "x.weight", "lm_head.weight", "x.weight")] // Whatever it is, the output's name is the other one.
    public void A_tied_embedding_is_written_under_its_usual_name_whichever_comes_first(string family, string usual, params string[] names)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder.File("in"));
        var pickle = PickleBytes.Start().Op('}').Op('(');
        foreach (var name in names)
        {
            pickle.Text(name).Tensor("FloatStorage", "0", 6, 0, [3, 2], [2, 1]);
        }

        File.WriteAllBytes(folder.File("in/pytorch_model.bin"), ZipBytes.Checkpoint(pickle.Op('u').Done(), ("0", [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))])));
        File.WriteAllText(folder.File("in/config.json"), $$"""{"model_type": "{{family}}", "tie_word_embeddings": true, "vocab_size": 3}""");
        var notes = Convert(folder.File("in"), folder.File("out"), new ConvertOptions()).Notes;
        Assert.Equal(names.Where(name => name != usual).Select(name => $"'{name}' is the same as '{usual}' and is written once"), notes);
        using var file = SafetensorsFile.Open(folder.File("out/model.safetensors"));
        Assert.Equal(usual, Assert.Single(file.Tensors).Name);
        Assert.True(file.Read(usual).eq(arange(6).view(3, 2)).all().item<bool>());
    }

    [Fact]
    public void A_tied_model_that_names_its_output_first_is_read_before_and_after()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var fixture = Fixture("qwen2_tied");
        Directory.CreateDirectory(folder.File("in"));
        File.Copy(Path.Combine(fixture, "config.json"), folder.File("in/config.json"));
        var pickle = PickleBytes.Start().Op('}').Op('(');
        using var stored = SafetensorsFile.Open(Path.Combine(fixture, "model.safetensors"));
        var tensors = stored.Tensors.Select(entry => (entry.Name, Key: entry.Name, Value: stored.Read(entry.Name))).ToList();
        var embedding = tensors.Single(tensor => tensor.Name == "model.embed_tokens.weight");
        foreach (var (name, key, value) in tensors.Prepend(embedding with { Name = "lm_head.weight" }))
        {
            pickle.Text(name).Tensor("FloatStorage", key, value.numel(), 0, value.shape, value.shape.Length == 1 ? [1] : [value.shape[1], 1]);
        }

        File.WriteAllBytes(folder.File("in/pytorch_model.bin"), ZipBytes.Checkpoint(pickle.Op('u').Done(), [.. tensors.Select(tensor => (tensor.Key, tensor.Value.bytes.ToArray()))]));
        Convert(folder.File("in"), folder.File("out"), new ConvertOptions());
        Assert.Equal(File.ReadAllBytes(Path.Combine(fixture, "model.safetensors")), File.ReadAllBytes(folder.File("out/model.safetensors")));
        using var expected = ModelFolder.Load(fixture);
        using var loaded = ModelFolder.Load(folder.File("in"));
        Assert.All(expected.Weights().Zip(loaded.Weights()), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>(), pair.First.Name));
    }

    [Theory]
    [InlineData("""{"vocab_size": 3, "note": "\ud800"}""")]
    [InlineData("""{"vocab_size": 3, "\udc00_token_id": 1}""")]
    [InlineData("""{"vocab_size": 3, "within": {"\ud800": 1}}""")]
    public void Half_a_surrogate_pair_in_the_configuration_is_the_users_to_mend(string config)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder.File("in"));
        SafetensorsWriter.Write(folder.File("in/model.safetensors"), [("model.embed_tokens.weight", zeros(3, 2))]);
        File.WriteAllText(folder.File("in/config.json"), config);
        foreach (var options in new[] { new ConvertOptions { Type = ScalarType.Float16 }, new ConvertOptions { Vocabulary = 4 } })
        {
            var error = Assert.Throws<LlamaxException>(() => Convert(folder.File("in"), folder.File($"out{options.Vocabulary}"), options));
            Assert.StartsWith(folder.File("in/config.json"), error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_rows_of_a_view_are_averaged_too_where_the_vocabulary_grows()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder.File("in"));
        var pickle = PickleBytes.Start().Op('}').Op('(').Text("model.embed_tokens.weight").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3]).Op('u').Done();
        File.WriteAllBytes(folder.File("in/pytorch_model.bin"), ZipBytes.Checkpoint(pickle, ("0", [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))])));
        File.WriteAllText(folder.File("in/config.json"), """{"vocab_size": 3}""");
        Convert(folder.File("in"), folder.File("out"), new ConvertOptions { Vocabulary = 5 });
        using var file = SafetensorsFile.Open(folder.File("out/model.safetensors"));
        float[] expected = [0, 3, 1, 4, 2, 5, 1, 4, 1, 4];
        Assert.True(file.Read("model.embed_tokens.weight").eq(tensor(expected).view(5, 2)).all().item<bool>());
    }

    [Fact]
    public void An_input_that_changed_behind_its_links_is_another_one()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("in"));
        foreach (var file in Directory.GetFiles(Fixture("llama2")))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
            File.CreateSymbolicLink(folder.File($"in/{Path.GetFileName(file)}"), $"../{Path.GetFileName(file)}");
        }

        var options = new ConvertOptions { ShardBytes = 100_000 };
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new ModelConverter(folder.File("in"), folder.File("out"), options).Convert(new Stopper(stop, 250_000), stop.Token));
        File.SetLastWriteTimeUtc(folder.File("model.safetensors"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Contains("its input has changed", Assert.Throws<LlamaxException>(() => Convert(folder.File("in"), folder.File("out"), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_conversion_goes_on_and_another_is_refused()
    {
        using var folder = new TemporaryFolder();
        var options = new ConvertOptions { ShardBytes = 100_000 };
        Convert(Fixture("llama2"), folder.File("whole"), options);

        using var stop = new CancellationTokenSource();
        var stopper = new Stopper(stop, 250_000);
        Assert.Throws<OperationCanceledException>(() => new ModelConverter(Fixture("llama2"), folder.File("out"), options).Convert(stopper, stop.Token));
        var left = Directory.GetFiles(folder.File("out"), "*.safetensors");
        Assert.InRange(left.Length, 1, 3);
        Assert.False(File.Exists(folder.File("out/config.json")));
        Assert.Throws<LlamaxException>(() => WeightFiles.Open(folder.File("out")));

        var message = Assert.Throws<LlamaxException>(() => Convert(Fixture("llama3"), folder.File("out"), options)).Message;
        Assert.Contains("another conversion", message, StringComparison.Ordinal);
        Assert.Throws<LlamaxException>(() => Convert(Fixture("llama2"), folder.File("out"), new ConvertOptions()));

        var times = left.Select(File.GetLastWriteTimeUtc).ToList();
        var seen = new Stopper(stop, long.MaxValue);
        new ModelConverter(Fixture("llama2"), folder.File("out"), options).Convert(seen);
        Assert.True(seen.Kept > 0);
        Assert.Equal(times, left.Select(File.GetLastWriteTimeUtc));
        var names = Directory.GetFiles(folder.File("whole")).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(names, Directory.GetFiles(folder.File("out")).Select(Path.GetFileName).Order());
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(folder.File($"whole/{name}")), File.ReadAllBytes(folder.File($"out/{name}"))));

        Assert.Contains("is not empty", Assert.Throws<LlamaxException>(() => Convert(Fixture("llama2"), folder.File("out"), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_refused_and_named()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder.File("in"));
        SafetensorsWriter.Write(folder.File("in/model.safetensors"), [("big", tensor([1f, 70_000f])), ("model.embed_tokens.weight", zeros(7, 2))]);
        File.WriteAllText(folder.File("in/config.json"), """{"vocab_size": 8, "eos_token_id": [2, 6]}""");
        Refuses(new ConvertOptions { Type = ScalarType.Float16 }, "'big' has numbers beyond 65,504");
        Refuses(new ConvertOptions { Vocabulary = 9 }, "'model.embed_tokens.weight' is [7, 2]");
        Refuses(new ConvertOptions { Vocabulary = 6 }, "eos_token_id is 2, 6");
        Refuses(new ConvertOptions { ShardBytes = 0 }, "1 byte is the least");
        Assert.Contains("no such folder", Assert.Throws<LlamaxException>(() => Convert(folder.File("none"), folder.File("out"), new ConvertOptions())).Message, StringComparison.Ordinal);

        void Refuses(ConvertOptions options, string expected)
        {
            Assert.Contains(expected, Assert.Throws<LlamaxException>(() => Convert(folder.File("in"), folder.File("out"), options)).Message, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.File("out/model.safetensors")));
            if (Directory.Exists(folder.File("out")))
            {
                Directory.Delete(folder.File("out"), recursive: true);
            }
        }
    }

    private static string Fixture(string name) => Shared.Path(["fixtures", .. name.Split('/')]);

    private static ConvertResult Convert(string input, string output, ConvertOptions options) => new ModelConverter(input, output, options).Convert();

    private sealed class Stopper(CancellationTokenSource stop, long after) : IProgress<ConvertProgress>
    {
        public long Kept { get; private set; }

        public void Report(ConvertProgress value)
        {
            Kept = value.Kept;
            if (value.Done > after)
            {
                stop.Cancel();
            }
        }
    }
}
