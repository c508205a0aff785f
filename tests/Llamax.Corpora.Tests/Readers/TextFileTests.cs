using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers;

public sealed class TextFileTests
{
    [Fact]
    public void Plain_packed_and_archived_files_read_alike()
    {
        using var temporary = new TemporaryFolder();
        var content = "eins\nzwei\n"u8.ToArray();
        File.WriteAllBytes(temporary.File("a.txt"), content);
        File.WriteAllBytes(temporary.File("a.txt.gz"), Gzip(content));
        File.WriteAllBytes(temporary.File("a.tar"), Tar(("in/a.txt", content), ("in/b.txt.gz", Gzip(content))));
        File.WriteAllBytes(temporary.File("a.tar.gz"), Gzip(File.ReadAllBytes(temporary.File("a.tar"))));
        foreach (var name in new[] { "a.txt", "a.txt.gz", "a.tar!in/a.txt", "a.tar!in/b.txt.gz", "a.tar.gz!in/a.txt" })
        {
            Assert.Equal(["eins", "zwei"], LineReader.Read(TextFile.FindOne(temporary.File(name))));
        }
    }

    [Fact]
    public void Members_loaded_together_read_as_before_and_packed_ones_outlive_their_archive()
    {
        using var temporary = new TemporaryFolder();
        var tar = Tar(("1.txt", "eins"u8.ToArray()), ("2.txt", "zwei"u8.ToArray()), ("1.txt.gz", Gzip("drei"u8.ToArray())));
        File.WriteAllBytes(temporary.File("a.tar"), tar);
        File.WriteAllBytes(temporary.File("a.tar.gz"), Gzip(tar));
        File.WriteAllText(temporary.File("b.txt"), "vier");
        foreach (var archive in new[] { "a.tar", "a.tar.gz" })
        {
            string[] names = [$"{archive}!2.txt", "b.txt", $"{archive}!1.txt.gz", $"{archive}!1.txt", $"{archive}!2.txt"];
            var files = TextFile.Load([.. names.Select(name => TextFile.FindOne(temporary.File(name)))]);
            if (archive == "a.tar.gz")
            {
                File.Delete(temporary.File(archive));
            }

            Assert.Equal(["zwei", "vier", "drei", "eins", "zwei"], files.SelectMany(LineReader.Read));
            Assert.Equal(names, files.Select(file => Path.GetRelativePath(temporary.Path, file.Name)));
        }

        File.WriteAllBytes(temporary.File("a.tar"), Tar(("1.txt", "eins"u8.ToArray())));
        Assert.Contains("no member", Assert.Throws<LlamaxException>(() => TextFile.Load([TextFile.FindOne(temporary.File("a.tar!3.txt"))]).SelectMany(LineReader.Read).ToList()).Message);
    }

    [Fact]
    public void An_empty_member_is_an_empty_file()
    {
        using var temporary = new TemporaryFolder();
        var tar = Tar(("in/empty.txt", []), ("in/a.txt", "eins"u8.ToArray()));
        File.WriteAllBytes(temporary.File("a.tar"), tar);
        File.WriteAllBytes(temporary.File("a.tar.gz"), Gzip(tar));
        foreach (var archive in new[] { "a.tar", "a.tar.gz" })
        {
            Assert.Empty(LineReader.Read(TextFile.FindOne(temporary.File($"{archive}!in/empty.txt"))));
        }
    }

    [Fact]
    public void Wildcards_find_files_folders_and_members_in_order()
    {
        using var temporary = new TemporaryFolder();
        foreach (var name in new[] { "y/b.txt", "x/b.txt", "x/a.txt", "x/a.dat" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary.File(name))!);
            File.WriteAllText(temporary.File(name), name);
        }

        File.WriteAllBytes(temporary.File("t.tar"), Tar(("d/2.txt", "2"u8.ToArray()), ("d/1.txt", "1"u8.ToArray()), ("d/1.dat", "0"u8.ToArray())));
        Assert.Equal(["x/a.txt", "x/b.txt"], Names(temporary, "x/*.txt"));
        Assert.Equal(["x/b.txt", "y/b.txt"], Names(temporary, "?/b.txt"));
        Assert.Equal(["t.tar!d/1.txt", "t.tar!d/2.txt"], Names(temporary, "t.tar!*.txt"));
    }

    /// <summary>Some archivers put it before each member, FLORES-200's among them.</summary>
    [Theory]
    [InlineData("./")]
    [InlineData("")]
    public void A_dot_before_members_counts_neither_in_the_archive_nor_in_the_pattern(string stored)
    {
        using var temporary = new TemporaryFolder();
        var tar = Tar(($"{stored}d/en.txt", "one"u8.ToArray()), ($"{stored}d/fr.txt", "un"u8.ToArray()));
        File.WriteAllBytes(temporary.File("t.tar"), tar);
        File.WriteAllBytes(temporary.File("t.tar.gz"), Gzip(tar));
        using (var zip = ZipFile.Open(temporary.File("t.zip"), ZipArchiveMode.Create))
        {
            foreach (var (name, text) in new[] { ("en", "one"u8.ToArray()), ("fr", "un"u8.ToArray()) })
            {
                using var entry = zip.CreateEntry($"{stored}d/{name}.txt").Open();
                entry.Write(text);
            }
        }

        foreach (var archive in new[] { "t.tar", "t.tar.gz", "t.zip" })
        {
            foreach (var asked in new[] { "", "./", ".//" })
            {
                Assert.Equal([$"{archive}!d/en.txt", $"{archive}!d/fr.txt"], Names(temporary, $"{archive}!{asked}d/*.txt"));
                var one = TextFile.FindOne(temporary.File($"{archive}!{asked}d/fr.txt"));
                Assert.Equal(["un"], LineReader.Read(one));
                Assert.Equal(["un"], TextFile.Load([one]).SelectMany(LineReader.Read));
                Assert.Equal(["en", "fr"], new LanguageFiles(temporary.File($"{archive}!{asked}d/{{lang}}.txt"), ["en", "fr"]).Files.Keys.Order(StringComparer.Ordinal));
                foreach (var stream in TextFile.OpenTogether([one]))
                {
                    using var reader = new StreamReader(stream);
                    Assert.Equal("un", reader.ReadToEnd());
                }
            }
        }
    }

    [Theory]
    [InlineData("nothing.txt", "no such file")]
    [InlineData("*.txt", "no file matches")]
    [InlineData("t.tar!*.xyz", "no member of the archive matches")]
    public void A_missing_file_is_named_with_its_key(string name, string expected)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.File("t.tar"), Tar(("a.txt", "x"u8.ToArray())));
        var message = Assert.Throws<LlamaxException>(() => TextFile.Find(temporary.File(name), "data.monolingual.en[0]")).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith($"data.monolingual.en[0]: {temporary.File(name)}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.test.en", true)]
    [InlineData("--input", false)]
    [InlineData("", false)]
    public void Only_a_recipes_paths_are_said_to_start_from_its_folder(string key, bool expected)
    {
        using var temporary = new TemporaryFolder();
        var message = Assert.Throws<LlamaxException>(() => TextFile.Find(temporary.File("nothing"), key)).Message;
        Assert.Equal(expected, message.Contains("recipe", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_member_and_a_broken_archive_are_one_message()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.File("t.tar"), Tar(("a.txt", "x"u8.ToArray())));
        File.WriteAllText(temporary.File("broken.tar.gz"), "this is no gzip");
        File.WriteAllBytes(temporary.File("cut.txt.gz"), Gzip(Encoding.UTF8.GetBytes(new string('x', 100_000)))[..60]);
        Assert.Contains("no member", Error("t.tar!b.txt"), StringComparison.Ordinal);
        Assert.Contains("broken.tar.gz", Error("broken.tar.gz!b.txt"), StringComparison.Ordinal);
        Assert.Contains("broken.tar.gz", Assert.Throws<LlamaxException>(() => TextFile.Find(temporary.File("broken.tar.gz!*"))).Message, StringComparison.Ordinal);
        Assert.Contains("cut.txt.gz", Error("cut.txt.gz"), StringComparison.Ordinal);

        var json = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"{{\"text\":\"{i}\"}}"))}]");
        File.WriteAllBytes(temporary.File("cut.json.gz"), Gzip(json)[..5000]);
        File.WriteAllBytes(temporary.File("cut.tar"), Tar(("in/a.json", json))[..5000]);
        foreach (var name in new[] { "cut.json.gz", "cut.tar!in/a.json" })
        {
            var file = TextFile.FindOne(temporary.File(name));
            Assert.Contains(name, Assert.Throws<LlamaxException>(() => JsonRecords.Read(file).Count()).Message, StringComparison.Ordinal);
        }

        string Error(string name) => Assert.Throws<LlamaxException>(() => LineReader.Read(TextFile.FindOne(temporary.File(name))).Count()).Message;
    }

    [Fact]
    public void Flores_is_read_from_its_archive()
    {
        var archive = Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz");
        TextFile[] files = [TextFile.FindOne($"{archive}!flores101_dataset/dev/eng.dev"), TextFile.FindOne($"{archive}!flores101_dataset/dev/tha.dev")];
        var count = 0;
        foreach (var batch in new AlignedTextReader(files, ["en", "th"], new ReadingOptions()).Read(new BadRecords(), TestContext.Current.CancellationToken))
        {
            if (count == 0)
            {
                Assert.StartsWith("On Monday, scientists from the Stanford", Encoding.UTF8.GetString(batch[0, 0]), StringComparison.Ordinal);
            }

            count += batch.Count;
        }

        Assert.Equal(997, count);
    }

    private static IEnumerable<string> Names(TemporaryFolder temporary, string pattern) =>
        TextFile.Find(temporary.File(pattern)).Select(file => Path.GetRelativePath(temporary.Path, file.Name));

    private static byte[] Gzip(byte[] content)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return stream.ToArray();
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] members)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return stream.ToArray();
    }
}
