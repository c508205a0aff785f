using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Llamax.Testing;
using Parquet;
using Parquet.Schema;

namespace Llamax.EndToEnd.Data;

/// <summary>What can be wrong with corpora: it is said which file, where, and what becomes of it; nothing half-done is left.</summary>
public sealed class DataBadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Run => folder.File("run");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public void A_file_that_is_cut_off_is_read_up_to_there(string packing)
    {
        var sources = Sources(1_500);
        var whole = In("a.en.jsonl.gz");
        var text = Unpacked(whole);
        var lines = text.Count((byte)'\n');
        File.Delete(whole);
        var packed = Packed(text, packing);
        File.WriteAllBytes(In($"a.en.jsonl.{packing}"), packed[..(packed.Length / 2)]);

        var errors = sources.Build(Run);

        var match = Regex.Match(errors, $@"a\.en\.jsonl\.{packing}, after line (\d+): the file is damaged or cut off; its lines up to there are kept \(.+\)");
        Assert.True(match.Success, errors);
        Assert.InRange(int.Parse(match.Groups[1].Value), 1, lines - 1);
        Assert.Equal(1, LeftOut("lines that cannot be read: the file is damaged or cut off; its lines up to there are kept"));
    }

    [Fact]
    public void Lines_that_are_none_are_counted_the_first_are_shown_and_too_many_end_the_build()
    {
        var sources = Sources(100);
        File.AppendAllText(In("c.en.jsonl"), string.Concat(Enumerable.Repeat("{\"txt\": \"no such field\"}\nno JSON at all\n", 7)));

        var (code, _, errors) = CommandLine.Run("data", "build", sources.Recipe, "--out", Run, "--max-bad-lines", "5");

        Assert.Equal(2, code);
        Assert.Contains("more than the 5 that --max-bad-lines allows", errors, StringComparison.Ordinal);
        Assert.Matches(@"llamax: .*c\.en\.jsonl, line 1\d\d: ", errors);
        Assert.False(Directory.Exists(Path.Combine(Run, "data", "pretrain")));

        errors = sources.Build(Run, "--max-bad-lines", "14");

        Assert.Contains("data: pretrain: 14 lines cannot be read and are left out; the first 10:\n", errors, StringComparison.Ordinal);
        var shown = errors.Split('\n').Where(line => line.StartsWith("data: pretrain:   ", StringComparison.Ordinal)).ToList();
        Assert.Equal(10, shown.Count);
        Assert.EndsWith("c.en.jsonl, line 101: \"text\" is missing", shown[0], StringComparison.Ordinal);
        Assert.Contains("c.en.jsonl, line 102: ", shown[1], StringComparison.Ordinal);
        Assert.Equal(7, LeftOut("lines that cannot be read: \"text\" is missing"));
    }

    [Fact]
    public void Line_aligned_files_of_different_length()
    {
        var sources = Sources(100);
        File.AppendAllText(In("moses.fr"), "une ligne de trop\n");

        AssertFails(sources, "moses.fr has 26 lines, but ", "moses.de has 25. Line-aligned files need as many lines each.");
    }

    [Fact]
    public void Entities_of_a_translation_memory_are_not_expanded()
    {
        var sources = Sources(100, "*.pairs.tsv", "bomb.tmx");
        var entities = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY e{i} \"{string.Concat(Enumerable.Repeat($"&e{i - 1};", 10))}\">"));
        File.WriteAllText(In("bomb.tmx"),
            $"<?xml version=\"1.0\"?><!DOCTYPE tmx [<!ENTITY e0 \"boom\">{entities}]><tmx version=\"1.4\"><header/><body>"
            + Unit("a first sentence", "une première phrase") + Unit("&e9;", "&e9;") + "</body></tmx>");

        var errors = sources.Build(Run);

        Assert.Matches(@"bomb\.tmx, after unit 2: the file is damaged or no TMX from there on; the units up to there are kept \(.*e9.*\)", errors);
        Assert.DoesNotContain("boom", errors, StringComparison.Ordinal);

        static string Unit(string english, string french) =>
            $"<tu><tuv xml:lang=\"en\"><seg>{english}</seg></tuv><tuv xml:lang=\"fr\"><seg>{french}</seg></tuv></tu>";
    }

    [Fact]
    public async Task Parquet_without_the_column()
    {
        var sources = Sources(100, "*.{lang}.jsonl*", "texts.{lang}.parquet");
        var body = new DataField<string>("body");
        await using (var stream = File.Create(In("texts.en.parquet")))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(body), stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(body, new[] { "a text", "another" });
        }

        AssertFails(sources, "texts.en.parquet has no column text. Its columns: body.");
    }

    [Fact]
    public void Files_under_two_names_of_a_language_are_one_language_and_that_is_said()
    {
        var sources = Sources(100, "languages: [en, fr, de]", "languages: [en, fr, de, he]");
        File.WriteAllText(In("x.iw.jsonl"), "{\"text\": \"erste\"}\n{\"text\": \"zweite\"}\n");
        File.WriteAllText(In("y.he.jsonl"), "{\"text\": \"dritte\"}\n{\"text\": \"zweite\"}\n");

        var errors = sources.Build(Run);

        Assert.Contains("files that have several names for a language are read as that one language: he (he, iw)", errors, StringComparison.Ordinal);
        var group = Manifest().GetProperty("groups").EnumerateArray().Single(each => each.GetProperty("direction").GetString() == "he" && each.GetProperty("kind").GetString() == "mono");
        Assert.Equal(3, group.GetProperty("rows").GetInt32());
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_full_disk_is_said_and_the_next_start_goes_on()
    {
        var unshare = Shared.Program("unshare", "util-linux");
        var sources = Sources(2_000);
        var disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        File.WriteAllText(folder.File("full.sh"),
            """
            mount -t tmpfs -o size=2m tmpfs "$1" || exit 99
            dotnet "$2" data build "$3" --out "$1/run" 2> "$4/first.txt"
            echo $? > "$4/first.code"
            mount -o remount,size=100m "$1" || exit 99
            dotnet "$2" data build "$3" --out "$1/run" 2> "$4/second.txt"
            echo $? > "$4/second.code"
            cp -r "$1/run" "$4/run"
            """);
        var start = new ProcessStartInfo(
            unshare, ["-rm", "sh", folder.File("full.sh"), disk, Path.Combine(AppContext.BaseDirectory, "llamax.dll"), sources.Recipe, folder.Path])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipUnless(File.Exists(folder.File("second.code")), $"needs the right to mount a file system of its own: {errors}");

        Assert.Equal("2", File.ReadAllText(folder.File("first.code")).Trim());
        var first = File.ReadAllText(folder.File("first.txt"));
        Assert.Contains("the disk is full. What is finished is kept; make room and start the same command again.", first, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", first, StringComparison.Ordinal);
        Assert.True(File.ReadAllText(folder.File("second.code")).Trim() == "0", File.ReadAllText(folder.File("second.txt")));
        Assert.Contains("data: going on from where it was interrupted", File.ReadAllText(folder.File("second.txt")), StringComparison.Ordinal);
        sources.Build(folder.File("undisturbed"));
        Assert.Equal(DataSources.Fingerprint(folder.File("undisturbed")), DataSources.Fingerprint(Run));
    }

    /// <summary>Sources with something of the recipe changed.</summary>
    private DataSources Sources(int records, string before = "", string after = "")
    {
        var sources = new DataSources(folder.File("sources"), records);
        if (before.Length > 0)
        {
            var recipe = File.ReadAllText(sources.Recipe);
            Assert.Contains(before, recipe, StringComparison.Ordinal);
            File.WriteAllText(sources.Recipe, recipe.Replace(before, after, StringComparison.Ordinal));
        }

        return sources;
    }

    private string In(string name) => Path.Combine(folder.File("sources"), name);

    private void AssertFails(DataSources sources, params string[] parts)
    {
        var (code, output, errors) = CommandLine.Run("data", "build", sources.Recipe, "--out", Run);
        Assert.Equal((2, ""), (code, output));
        Assert.All(parts, part => Assert.Contains(part, errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Run, "data", "pretrain")));
    }

    private JsonElement Manifest() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Run, "data", "pretrain", "manifest.json"))).RootElement;

    private int LeftOut(string reason) => Manifest().GetProperty("left_out").GetProperty(reason).GetInt32();

    private static byte[] Unpacked(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var text = new MemoryStream();
        stream.CopyTo(text);
        return text.ToArray();
    }

    private static byte[] Packed(byte[] text, string packing)
    {
        if (packing == "zst")
        {
            using var compressor = new ZstdSharp.Compressor();
            return compressor.Wrap(text).ToArray();
        }

        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(text);
        }

        return packed.ToArray();
    }
}
