using Llamax.Testing;
using Llamax.Text.Files;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Text.Tests.Files;

public sealed class FileStampTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_a_link_the_content_counts_through_links_and_folders_that_are_links()
    {
        Directory.CreateDirectory(folder.File("a/blobs"));
        Directory.CreateDirectory(folder.File("a/snapshots/x"));
        File.WriteAllText(folder.File("a/blobs/content"), "12345");
        File.CreateSymbolicLink(folder.File("a/snapshots/x/link"), "../../blobs/content");
        Directory.CreateSymbolicLink(folder.File("short"), "a/snapshots/x"); // By its text, ../.. leads elsewhere from here.
        File.CreateSymbolicLink(folder.File("second"), "short/link");
        foreach (var time in new[] { new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc), new DateTime(2011, 2, 3, 4, 5, 6, DateTimeKind.Utc) })
        {
            File.SetLastWriteTimeUtc(folder.File("a/blobs/content"), time);
            Assert.All(
                new[] { "a/blobs/content", "a/snapshots/x/link", "short/link", "second" },
                name => Assert.Equal(new FileStamp(5, time), FileStamp.Of(folder.File(name))));
        }

        File.Delete(folder.File("a/blobs/content"));
        Assert.Equal(new FileInfo(folder.File("second")).LastWriteTimeUtc, FileStamp.Of(folder.File("second")).ChangedUtc);
        Assert.Throws<FileNotFoundException>(() => FileStamp.Of(folder.File("absent")));
        Assert.True(!File.Exists("/dev/stdin") || FileStamp.Of("/dev/stdin").Length >= 0); // A pipe, a terminal, or what there is.
    }

    [Fact]
    public void A_file_is_too_long_behind_a_link_too()
    {
        using (var stream = File.Create(folder.File("long")))
        {
            stream.SetLength((256L << 20) + 1);
        }

        foreach (var name in new[] { "tokenizer.model", "tokenizer_config.json", "vocab.json", "merges.txt", "x.prompt", "x.tiktoken" })
        {
            File.CreateSymbolicLink(folder.File(name), "long");
        }

        Refused("larger than 256 MiB", () => TokenizerFolder.Load(folder.File("tokenizer.model")));
        Refused("larger than 64 MiB", () => TiktokenFile.Load(folder.File("x.tiktoken")));
        Refused("at most 1 MiB", () => PromptTemplate.Find(folder.File("x.prompt")));
        File.Delete(folder.File("tokenizer.model"));
        Refused("larger than 64 MiB", () => TokenizerFolder.Load(folder.Path));
        File.Delete(folder.File("tokenizer_config.json"));
        Refused("larger than 64 MiB", () => TokenizerFolder.Load(folder.Path));

        static void Refused(string message, Action action) => Assert.Contains(message, Assert.Throws<LlamaxException>(action).Message, StringComparison.Ordinal);
    }
}
