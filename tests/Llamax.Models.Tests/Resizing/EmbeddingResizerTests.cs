using Llamax.Models.Resizing;
using Llamax.Models.Safetensors;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Extending;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Resizing;

public sealed class EmbeddingResizerTests
{
    private const string Embedding = "model.embed_tokens.weight", Output = "lm_head.weight";

    [Theory]
    [InlineData("llama2", 320, RowInit.Mean)]
    [InlineData("llama2", 320, RowInit.Subwords)]
    [InlineData("llama2", 300, RowInit.SubwordsWithNoise)] // 20 rows that only pad.
    [InlineData("llama2", 300, RowInit.Zeros)]
    [InlineData("llama_tied", 288, RowInit.Subwords)]
    [InlineData("alt_formats/llama2_bf16_sharded", 320, RowInit.SubwordsWithNoise)]
    public void Old_rows_and_other_weights_keep_their_bits(string name, int pieces, RowInit init)
    {
        var source = Shared.Path(["fixtures", .. name.Split('/')]);
        using var folder = new TemporaryFolder();
        var extension = Extension(folder, pieces, 30);
        var record = Resize(source, folder, extension, new ResizeOptions { Init = init, PadToMultipleOf = 16 });
        Assert.Equal((extension.Size + 15) / 16 * 16, record.NewRows);

        using var scope = NewDisposeScope();
        using var before = ModelFolder.Load(source);
        using var after = ModelFolder.Load(folder.File("out"));
        Assert.Equal(record.NewRows, after.Config.VocabularySize);
        Assert.Equal(before.Type, after.Type);
        foreach (var ((weight, old), (_, now)) in before.Weights().Zip(after.Weights()))
        {
            var isMatrix = weight is Embedding or Output;
            Assert.True((isMatrix ? now[..pieces] : now).eq(isMatrix ? old[..pieces] : old).all().item<bool>(), weight);
            if (isMatrix)
            {
                CheckRows(old.to_type(ScalarType.Float64), now.to_type(ScalarType.Float64), extension, init, before.Type == ScalarType.BFloat16 ? 1e-2 : 1e-6);
            }
        }

        Assert.Equal(name.Contains("sharded"), File.Exists(folder.File("out/model.safetensors.index.json")));
        Assert.Contains("expected.json", record.LeftOut);
        Assert.False(File.Exists(folder.File("out/expected.json")));
        Assert.Equal(File.ReadAllText(Path.Combine(source, "config.json")).Replace($"\"vocab_size\": {record.OldRows}", $"\"vocab_size\": {record.NewRows}"),
            File.ReadAllText(folder.File("out/config.json")));
    }

    [Fact]
    public void The_index_counts_the_new_bytes_and_the_same_settings_give_the_same_files()
    {
        var source = Shared.Path("fixtures", "alt_formats", "llama2_bf16_sharded");
        using var folder = new TemporaryFolder();
        var extension = Extension(folder, 320, 8);
        var options = new ResizeOptions { Init = RowInit.SubwordsWithNoise };
        Resize(source, folder, extension, options);
        var first = Directory.GetFiles(folder.File("out")).Order().Select(File.ReadAllBytes).ToList();
        Resize(source, folder, extension, options);
        Assert.Equal(first, Directory.GetFiles(folder.File("out")).Order().Select(File.ReadAllBytes));

        var sizes = Directory.GetFiles(folder.File("out"), "*.safetensors").Sum(Size);
        Assert.Contains($"\"total_size\": {sizes}", File.ReadAllText(folder.File("out/model.safetensors.index.json")));

        static long Size(string path)
        {
            using var file = SafetensorsFile.Open(path);
            return file.Tensors.Sum(tensor => tensor.Length);
        }
    }

    [Fact]
    public void A_float16_model_stays_one()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var model = new CausalLanguageModel(TinyConfig.WithVocabulary(300), ScalarType.Float16);
        ModelFolder.Save(model, folder.File("in"));
        string[] outdated = ["consolidated.00.pth", "old.gguf", "tokenizer.vocab"];
        Array.ForEach(outdated, name => File.WriteAllText(folder.File("in/" + name), ""));
        var record = Resize(folder.File("in"), folder, Extension(folder, 300, 5), new ResizeOptions());
        Assert.Equal(outdated, record.LeftOut); // They hold the old weights and vocabulary.
        Assert.DoesNotContain(outdated, name => File.Exists(folder.File("out/" + name)));
        Assert.Contains(record.Notes, note => note.Contains("has no tokenizer of its own", StringComparison.Ordinal));
        using var after = ModelFolder.Load(folder.File("out"));
        Assert.Equal(ScalarType.Float16, after.Type);
        Assert.Equal(305, after.Config.VocabularySize);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var source = Shared.Path("fixtures", "llama_tied");
        using var folder = new TemporaryFolder();
        Assert.Contains("288 rows", Message(() => Resize(source, folder, Extension(folder, 300, 5), new ResizeOptions())));
        Assert.Contains("another folder", Message(() => new EmbeddingResizer(source, source, new ResizeOptions()).Resize(Extension(folder, 288, 5))));
        Directory.CreateDirectory(folder.File("out"));
        File.WriteAllText(folder.File("out/model-00001-of-00002.safetensors"), "");
        Assert.Contains("belongs to another model", Message(() => Resize(source, folder, Extension(folder, 288, 5), new ResizeOptions())));

        File.Delete(folder.File("out/model-00001-of-00002.safetensors"));
        foreach (var multiple in new[] { 0, 65_537, int.MaxValue })
        {
            Assert.Contains("--pad-to-multiple-of", Message(() => Resize(source, folder, Extension(folder, 288, 5), new ResizeOptions { PadToMultipleOf = multiple })));
        }

        var copy = Copy(source, folder);
        File.WriteAllText(Path.Combine(copy, "added_tokens.json"), """{"<extra>": 288}""");
        Assert.Contains("'<extra>' has id 288", Message(() => Resize(copy, folder, Extension(folder, 288, 5), new ResizeOptions())));
    }

    [Fact]
    public void A_link_to_the_model_is_the_model()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links takes rights that users of Windows lack.");
        using var folder = new TemporaryFolder();
        var copy = Copy(Shared.Path("fixtures", "llama_tied"), folder);
        Directory.CreateSymbolicLink(folder.File("out"), copy);
        Directory.CreateSymbolicLink(folder.File("parent"), folder.Path);
        var before = File.ReadAllBytes(Path.Combine(copy, "model.safetensors"));
        var extension = Extension(folder, 288, 5);
        Assert.Contains("another folder", Message(() => Resize(copy, folder, extension, new ResizeOptions())));
        Assert.Contains("another folder", Message(() => new EmbeddingResizer(copy, folder.File("parent/copy/"), new ResizeOptions()).Resize(extension)));

        // One of the model's files lies where the output goes, and the other way round.
        Directory.CreateDirectory(folder.File("links"));
        foreach (var file in Directory.GetFiles(copy))
        {
            File.CreateSymbolicLink(folder.File("links/" + Path.GetFileName(file)), file);
        }

        Assert.Contains("another folder", Message(() => Resize(folder.File("links"), folder, extension, new ResizeOptions())));
        Directory.Delete(folder.File("out"));
        Directory.CreateDirectory(folder.File("out"));
        File.CreateSymbolicLink(folder.File("out/model.safetensors"), Path.Combine(copy, "model.safetensors"));
        Assert.Contains("another folder", Message(() => Resize(copy, folder, extension, new ResizeOptions())));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(copy, "model.safetensors")));
    }

    [Theory]
    [InlineData("tokenizer.model")]
    [InlineData("tokenizer.json")]
    public void A_base_that_is_not_the_model_s_tokenizer_is_refused(string file)
    {
        using var folder = new TemporaryFolder();
        var copy = Copy(Shared.Path("fixtures", "llama_tied"), folder);
        var extension = Extension(folder, 288, 5);
        Put(folder.File("288.model"));
        var record = Resize(copy, folder, extension, new ResizeOptions());
        Assert.Equal(293, record.NewRows);
        Assert.DoesNotContain(record.Notes, note => note.Contains("of its own", StringComparison.Ordinal));

        var other = folder.File("other.model");
        new BpeTrainer(new BpeTrainerOptions { VocabularySize = 288 }).Train(["another text that teaches other pieces than those, another text"], other);
        Put(other);
        var message = Message(() => Resize(copy, folder, extension, new ResizeOptions()));
        Assert.Contains("288.model is not the model's tokenizer", message);
        Assert.Contains(Path.Combine(copy, file), message);
        Assert.Matches("id [0-9]+ is '", message);

        void Put(string model)
        {
            if (file == "tokenizer.json")
            {
                TokenizerJson.Convert(model, Path.Combine(copy, file));
            }
            else
            {
                File.Copy(model, Path.Combine(copy, file), overwrite: true);
            }
        }
    }

    [Fact]
    public void A_base_with_fewer_pieces_than_the_model_s_tokenizer_is_refused()
    {
        using var folder = new TemporaryFolder();
        var copy = Copy(Shared.Path("fixtures", "llama2"), folder);
        var extension = Extension(folder, 288, 5);
        extension.Write(Path.Combine(copy, "tokenizer.model")); // Its 5 pieces have rows of the model's 320.
        Assert.Contains("it has 293 ids, the base 288", Message(() => Resize(copy, folder, extension, new ResizeOptions())));
    }

    private static string Copy(string source, TemporaryFolder folder)
    {
        var copy = Directory.CreateDirectory(folder.File("copy")).FullName;
        Array.ForEach(Directory.GetFiles(source), file => File.Copy(file, Path.Combine(copy, Path.GetFileName(file))));
        return copy;
    }

    private static void CheckRows(Tensor old, Tensor now, VocabularyExtension extension, RowInit init, double tolerance)
    {
        var known = old[..extension.BaseSize];
        foreach (var piece in extension.Pieces)
        {
            var subwords = known[tensor(piece.BaseIds.Select(id => (long)id).ToArray())].mean([0]);
            var difference = now[piece.Id] - (init switch
            {
                RowInit.Mean => known.mean([0]),
                RowInit.Zeros => zeros_like(subwords),
                _ => subwords,
            });
            if (init == RowInit.SubwordsWithNoise)
            {
                var scaled = (difference / known.std(0)).abs().mean().item<double>();
                Assert.InRange(scaled, 0.03, 0.16); // Mean of the absolute value: 0.1 × 0.8.
            }
            else
            {
                Assert.True(difference.abs().max().item<double>() <= tolerance);
            }
        }

        for (var id = Math.Max(extension.Size, (int)old.shape[0]); id < now.shape[0]; id++)
        {
            var filler = init == RowInit.Zeros ? zeros_like(now[id]) : known.mean([0]);
            Assert.True((now[id] - filler).abs().max().item<double>() <= tolerance);
        }
    }

    private static ResizeRecord Resize(string source, TemporaryFolder folder, VocabularyExtension extension, ResizeOptions options) =>
        new EmbeddingResizer(source, folder.File("out"), options).Resize(extension);

    private static string Message(Action action) => Assert.Throws<LlamaxException>(action).Message;

    private static VocabularyExtension Extension(TemporaryFolder folder, int pieces, int count)
    {
        var path = folder.File($"{pieces}.model");
        const string Text = "the quick brown fox jumps over the lazy dog, while the other foxes sleep under the old brown tree by the quiet river";
        new BpeTrainer(new BpeTrainerOptions { VocabularySize = pieces, CharacterCoverage = 1 }).Train([Text], path);
        return new VocabularyExtender(path, new ExtensionOptions { NewTokens = count, MinimumCount = 1 }).Extend(["বাংলা ভাষা একটি ইন্দো-আর্য ভাষা, যা দক্ষিণ এশিয়ার বাঙালি জাতির প্রধান কথ্য ও লেখ্য ভাষা।"]);
    }
}
