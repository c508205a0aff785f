using Llamax.Corpora.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Shards;

public sealed class ShardManifestTests
{
    private const string Hash = "0000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public void More_entries_than_an_int_counts_are_added_up()
    {
        var shard = $$"""{"file":"a","rows":2000000000,"tokens":4000000000,"bytes":1,"sha256":"{{Hash}}"}""";
        var manifest = Load($$"""{"version":1,"rows":4000000000,"tokens":8000000000,"groups":[],"left_out":{},"shards":[{{shard}},{{shard}}]}""");
        Assert.Equal(4_000_000_000, manifest.Rows);
        Assert.Empty(manifest.Cleaning); // Nothing is said of it.
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"groups":[],"left_out":{},"shards":null}""")]
    [InlineData("""{"version":1,"groups":[],"left_out":{},"shards":[null]}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":null}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":[null]}""")]
    [InlineData("""{"version":1,"shards":[],"groups":[],"left_out":null}""")]
    [InlineData("""{"version":1,"shards":[],"groups":[],"left_out":{},"cleaning":[null]}""")]
    [InlineData("""{"version":1,"groups":[],"left_out":{},"shards":[{"file":null,"rows":1,"tokens":1,"bytes":1,"sha256":"HASH"}],"rows":1,"tokens":1}""")]
    [InlineData("""{"version":1,"groups":[],"left_out":{},"shards":[{"file":"a","rows":1,"tokens":9223372036854775807,"bytes":1,"sha256":"HASH"},{"file":"b","rows":1,"tokens":9223372036854775807,"bytes":1,"sha256":"HASH"}],"rows":2,"tokens":-2}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":[{"kind":"mono","rows":1,"tokens":1,"targets":1}]}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":[{"direction":"en","rows":1,"tokens":1,"targets":1}]}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":[{"kind":"mono","direction":"en","rows":-5,"tokens":1,"targets":1}]}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":[{"kind":"mono","direction":"en","rows":1,"tokens":1,"targets":-1}]}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":[{"kind":"mono","direction":"en","rows":9223372036854775807,"tokens":1,"targets":1},{"kind":"mono","direction":"fr","rows":9223372036854775807,"tokens":1,"targets":1}]}""")]
    [InlineData("""{"version":1,"shards":[],"left_out":{},"groups":[{"kind":"mono","direction":"en","rows":1,"tokens":1,"targets":9223372036854775807},{"kind":"mono","direction":"fr","rows":1,"tokens":1,"targets":1}]}""")]
    [InlineData("""{"version":1,"shards":[],"groups":[],"left_out":{"too long":-1}}""")]
    [InlineData("""{"version":1,"shards":[],"groups":[],"left_out":{},"cleaning":[{"languages":"en","count":1}]}""")]
    [InlineData("""{"version":1,"shards":[],"groups":[],"left_out":{},"cleaning":[{"step":"unicode","languages":"en","count":-1}]}""")]
    [InlineData("""{"version":1,"shards":[],"groups":[],"left_out":{},"cleaning":[{"step":"unicode","languages":"en","count":9223372036854775807},{"step":"unicode","languages":"fr","count":1}]}""")]
    [InlineData("""{"version":1,"shards":[],"groups":[],"left_out":{},"tokenizer":{"sha256":"HASH","vocabulary_size":1}}""")]
    public void What_makes_no_sense_is_one_message(string json) =>
        Assert.Contains(ShardManifest.FileName, Assert.Throws<LlamaxException>(() => Load(json.Replace("HASH", Hash))).Message, StringComparison.Ordinal);

    private static ShardManifest Load(string json)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File(ShardManifest.FileName), json);
        return ShardManifest.Load(temporary.Path);
    }
}
