using System.Text;
using CsCheck;
using Llamax.Models.Hub;
using Llamax.Models.Hub.Listing;
using Llamax.Testing;

namespace Llamax.Models.Tests.Hub;

/// <summary>Names, paths, digests, and what of a repository is needed.</summary>
public sealed class HubNameTests
{
    [Theory]
    [InlineData("gpt2", "gpt2", "main", false)]
    [InlineData("org/a-b_c.d", "org/a-b_c.d", "main", false)]
    [InlineData("org/name@v1.0", "org/name", "v1.0", false)]
    [InlineData("org/name@refs/pr/1", "org/name", "refs/pr/1", false)]
    [InlineData("datasets/org/name@main", "org/name", "main", true)]
    [InlineData("datasets/squad", "squad", "main", true)]
    public void Names_are_read(string text, string id, string revision, bool isDataset)
    {
        var name = RepositoryName.Parse(text);
        Assert.Equal((id, revision, isDataset), (name.Id, name.Revision, name.IsDataset));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("../x")]
    [InlineData("a/..")]
    [InlineData("a--b/c")]
    [InlineData("a b/c")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("-a/b")]
    [InlineData("a/b\n")]
    [InlineData("a/b@")]
    [InlineData("a/b@../../x")]
    [InlineData("a/b@/x")]
    [InlineData("a/b@x y")]
    [InlineData("https://huggingface.co/a/b")]
    public void What_is_no_name_is_refused(string text) => Assert.Throws<LlamaxException>(() => RepositoryName.Parse(text));

    [Theory]
    [InlineData("ab:c.json", true)]
    [InlineData("CON", true)]
    [InlineData("folder/nul.txt", true)]
    [InlineData("a.json.", true)]
    [InlineData("a ", true)]
    [InlineData("a?.json", true)]
    [InlineData("a/b c ü.json", false)]
    [InlineData("console.json", false)]
    public void What_Windows_reads_otherwise_is_refused_there(string path, bool isTrick)
    {
        HubPath.Check(path, "hub", onWindows: false);
        if (isTrick)
        {
            Assert.Throws<LlamaxException>(() => HubPath.Check(path, "hub", onWindows: true));
        }
        else
        {
            HubPath.Check(path, "hub", onWindows: true);
        }
    }

    // The first is what git hash-object says of an empty file.
    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")]
    [InlineData("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a")]
    public void Gits_hash_is_gits(string text, string expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected, BlobDigest.GitHash(stream));
    }

    [Theory]
    [InlineData("config.json model.safetensors pytorch_model.bin tf_model.h5 onnx/model.onnx x.gguf", "model.safetensors", "config.json")]
    [InlineData("config.json model.safetensors.index.json model-00001-of-00001.safetensors pytorch_model.bin", "model.safetensors.index.json", "config.json")]
    [InlineData("config.json pytorch_model.bin flax_model.msgpack vocab.json merges.txt", "pytorch_model.bin", "config.json merges.txt vocab.json")]
    [InlineData("config.json pytorch_model.bin.index.json original/consolidated.00.pth spiece.model", "pytorch_model.bin.index.json", "config.json spiece.model")]
    [InlineData("adapter_config.json adapter_model.safetensors", "adapter_model.safetensors", "adapter_config.json")]
    [InlineData("hparams.yaml checkpoints/model.ckpt LICENSE", "checkpoints/model.ckpt", "hparams.yaml")]
    [InlineData("tokenizer.json original/tokenizer.model README.md", null, "tokenizer.json")]
    public void The_weights_are_taken_once(string files, string? weights, string companions)
    {
        var paths = files.Split(' ');
        Assert.Equal(weights, FileSelection.WeightsOf(paths));
        Assert.Equal(companions, string.Join(' ', FileSelection.CompanionsOf(paths).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_environment_is_read_as_Python_reads_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("token"), "hf_file\n");
        var variables = new Dictionary<string, string> { ["HOME"] = folder.Path };
        HubSettings Read() => HubSettings.FromEnvironment(name => variables.GetValueOrDefault(name));

        Assert.Equal(("https://huggingface.co", folder.File(".cache/huggingface/hub"), folder.File(".cache/llamax/downloads"), null, false),
            (Read().Endpoint, Read().CacheFolder, Read().DownloadsFolder, Read().Token, Read().Offline));
        variables["XDG_CACHE_HOME"] = folder.File("xdg");
        Assert.Equal(folder.File("xdg/huggingface/hub"), Read().CacheFolder);
        variables["HF_HOME"] = "~/";
        Assert.Equal((folder.File("hub"), "hf_file"), (Read().CacheFolder, Read().Token));
        variables["HF_HUB_CACHE"] = "$HOME/${HF_NOTHING}/x";
        Assert.Equal(folder.File("${HF_NOTHING}/x"), Read().CacheFolder);
        variables["HF_TOKEN"] = " hf_variable ";
        variables["HF_ENDPOINT"] = "https://mirror.example/hf/";
        variables["HF_HUB_OFFLINE"] = "yes";
        variables["HF_HUB_DOWNLOAD_TIMEOUT"] = "5";
        Assert.Equal(("https://mirror.example/hf", "hf_variable", true, 5d), (Read().Endpoint, Read().Token, Read().Offline, Read().StallTimeout.TotalSeconds));
        variables["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1";
        Assert.Null(Read().Token);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "huggingface.co")]
    [InlineData("HF_ENDPOINT", "ftp://huggingface.co")]
    [InlineData("HF_ENDPOINT", "https://user:secret@huggingface.co")]
    [InlineData("HF_TOKEN", "two words")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "soon")]
    public void A_variable_that_cannot_be_used_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<LlamaxException>(() => HubSettings.FromEnvironment(each => each == name ? value : each == "HOME" ? "/nowhere" : null)).Message);

    [Fact]
    public void A_damaged_listing_is_read_or_refused_and_nothing_else()
    {
        var commit = new string('a', 40);
        var listing = Encoding.UTF8.GetBytes($$$"""{"sha": "{{{commit}}}", "siblings": [{"rfilename": "a/\u00fc.json", "size": 12, "blobId": "{{{commit}}}", "lfs": {"sha256": "x", "size": 3}}]}""");
        var index = Encoding.UTF8.GetBytes("""{"metadata": {"total_size": 1}, "weight_map": {"a": "model-00001-of-00001.safetensors"}}""");
        Gen.Select(Gen.Int[0, listing.Length - 1], Gen.Byte, Gen.Int[0, listing.Length]).Sample((place, value, length) =>
        {
            foreach (var (bytes, read) in new (byte[], Action<byte[]>)[]
            {
                (listing, json => RepositoryListing.FromApi(json, "hub")),
                (listing, json => RepositoryListing.FromCache(json, commit)),
                (index, json => RepositoryListing.ShardsOf(json, "index")),
            })
            {
                var damaged = bytes.ToArray();
                damaged[place % damaged.Length] = value;
                try
                {
                    read(damaged[..Math.Min(Math.Max(length, place), damaged.Length)]);
                }
                catch (LlamaxException)
                {
                    // Refused in words.
                }
            }
        });
    }

    [Fact]
    public void Hostile_listings_are_refused_or_ignored()
    {
        var commit = new string('a', 40);
        foreach (var json in new[] { "", "[]", "{}", "null", """{"sha": 1}""", $$$"""{"sha": "{{{commit}}}", "siblings": {}}""", "\xff" })
        {
            Assert.Throws<LlamaxException>(() => RepositoryListing.FromApi(Encoding.Latin1.GetBytes(json), "hub"));
        }

        var odd = RepositoryListing.FromApi(Encoding.UTF8.GetBytes($$$"""{"sha": "{{{commit}}}", "siblings": [1, {"rfilename": 2}, {"rfilename": "a", "size": -1, "blobId": "../../x", "lfs": {"sha256": "/etc/passwd", "size": 1e99}}]}"""), "hub");
        Assert.False(Assert.Single(odd.Files).Value.IsDescribed);
        foreach (var json in new[] { "", "[]", """{"format_version": 2, "files": {}}""", """{"format_version": 1}""" })
        {
            Assert.Null(RepositoryListing.FromCache(Encoding.UTF8.GetBytes(json), commit));
        }
    }
}
