using Llamax.Testing;

namespace Llamax.Models.Tests;

public sealed class ConfigFileTests
{
    private const string Base = """
        "model_type":"llama","vocab_size":100,"hidden_size":64,"intermediate_size":128,"num_hidden_layers":2,"num_attention_heads":4
        """;

    [Fact]
    public void Defaults_are_those_of_the_format()
    {
        var config = Read(Base);
        Assert.Equal((4, 16, 10_000d, 1e-6, false), (config.KeyValueHeads, config.HeadSize, config.RopeTheta, config.NormEpsilon, config.TiedEmbeddings));
        Assert.Null(config.BosId);
        Assert.Empty(config.EosIds);
    }

    [Theory]
    [InlineData("""  "rope_theta":5e5,"rope_scaling":{"type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}  """)]
    [InlineData("""  "rope_theta":5e5,"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}  """)]
    [InlineData("""  "rope_parameters":{"rope_theta":5e5,"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}  """)]
    public void Rotary_scaling_is_read_in_each_spelling(string rope)
    {
        var config = Read($"{Base},{rope}");
        Assert.Equal(5e5, config.RopeTheta);
        Assert.Equal(new RopeScaling(8, 1, 4, 64), config.RopeScaling);
    }

    [Theory]
    [InlineData("\"eos_token_id\":7", new[] { 7 })]
    [InlineData("\"eos_token_id\":[7,9]", new[] { 7, 9 })]
    [InlineData("\"eos_token_id\":null", new int[0])]
    public void End_ids_are_one_or_several(string json, int[] expected) => Assert.Equal(expected, Read($"{Base},{json}").EosIds);

    [Theory]
    [InlineData("\"vocab_size\":100", "'model_type' is missing")]
    [InlineData("\"model_type\":\"mamba\"", "known are: llama, qwen2, cohere, gpt2, yayi, m2m_100, lego_mt, t5, mt5, xlm-roberta")]
    [InlineData("\"model_type\":\"t5\"", "is an encoder-decoder model, and a causal language model is needed here")]
    [InlineData("\"model_type\":\"llama\"", "'hidden_size' is missing")]
    [InlineData(Base + ",\"hidden_act\":\"gelu\"", "hidden_act 'gelu'")]
    [InlineData(Base + ",\"num_key_value_heads\":3", "cannot share 3")]
    [InlineData(Base + ",\"head_dim\":15", "must be even")]
    [InlineData(Base + ",\"eos_token_id\":100", "outside the vocabulary")]
    [InlineData(Base + ",\"eos_token_id\":\"x\"", "'eos_token_id' must be a whole number")]
    [InlineData(Base + ",\"num_attention_heads\":0", "multiple of")]
    [InlineData(Base + ",\"rope_scaling\":{\"type\":\"yarn\"}", "'yarn' is not supported")]
    [InlineData(Base + ",\"rope_scaling\":{\"type\":\"llama3\"}", "'factor' is missing")]
    [InlineData(Base + ",\"max_position_embeddings\":2.5", "'max_position_embeddings' must be a whole number")]
    [InlineData("\"model_type\":\"\\ud800\"", "'model_type' must be valid text")]
    [InlineData("\"\\ud800\\ud800\\ud800\":1", "each key must be valid text")]
    [InlineData("\"a\":", "is not JSON")]
    public void What_is_wrong_is_named(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<LlamaxException>(() => Read(json)).Message);

    [Fact]
    public void What_is_written_is_read()
    {
        using var folder = new TemporaryFolder();
        var config = TestModels.Config(2, tied: true, bias: true) with
        {
            EosIds = [3, 4],
            PadId = 0,
            RopeScaling = new RopeScaling(8, 1, 4, 64),
            RopeTheta = 5e5,
            HeadSize = 10,
        };
        ConfigFile.Write(config, folder.Path, "float32");
        Assert.Equivalent(config, ConfigFile.Read(folder.Path), strict: true);
        Assert.True(File.Exists(folder.File("generation_config.json")));
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen2_tied")]
    [InlineData("cohere")]
    [InlineData("gpt2")]
    [InlineData("llama31")]
    public void Each_family_writes_what_it_reads(string model)
    {
        using var folder = new TemporaryFolder();
        var config = ConfigFile.Read(Shared.Path("fixtures", model));
        ConfigFile.Write(config, folder.Path, "float32");
        Assert.Equivalent(config, ConfigFile.Read(folder.Path), strict: true);
    }

    [Fact]
    public void Yayi_shares_one_head_of_keys_where_its_configuration_is_silent()
    {
        var config = Read(Base.Replace("llama", "yayi", StringComparison.Ordinal));
        Assert.Equal((1, 100_000d), (config.KeyValueHeads, config.RopeTheta));
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused_behind_a_link_too()
    {
        using var folder = new TemporaryFolder();
        using (var stream = File.Create(folder.File("blob")))
        {
            stream.SetLength((16 << 20) + 1);
        }

        File.CreateSymbolicLink(folder.File("config.json"), "blob");
        Assert.Contains("is longer than", Assert.Throws<LlamaxException>(() => ConfigFile.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static DecoderConfig Read(string members)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), $"{{{members}}}");
        return ConfigFile.Read(folder.Path);
    }
}
