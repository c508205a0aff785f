using System.Diagnostics;
using Llamax.Testing;

namespace Llamax.Cli.Tests;

public sealed class ModelConvertCommandTests
{
    [Fact]
    public async Task A_checkpoint_becomes_safetensors_that_every_verb_reads()
    {
        using var folder = new TemporaryFolder();
        var source = Shared.Path("fixtures", "alt_formats", "llama2_legacy_bin");
        var (code, _, error) = await CommandLine.RunAsync("", "model", "convert", source, folder.File("out"), "--shard-size", "0.2MB");
        Assert.True(code == 0, error);
        Assert.Contains("560.4 kB in 3 files", error, StringComparison.Ordinal);
        Assert.Contains("float32 (560.4 kB)", (await CommandLine.RunAsync("", "model", "info", folder.File("out"))).Out, StringComparison.Ordinal);
        var check = await CommandLine.RunAsync("", "model", "check", folder.File("out"));
        Assert.True(check.Code == 0, check.Out + check.Error);

        var again = await CommandLine.RunAsync("", "model", "convert", source, folder.File("out"));
        Assert.Equal(2, again.Code);
        Assert.Contains("is not empty", again.Error, StringComparison.Ordinal);
        var size = await CommandLine.RunAsync("", "model", "convert", source, folder.File("other"), "--shard-size", "5GX");
        Assert.Equal(2, size.Code);
        Assert.Contains("'5GX' is no size", size.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("other")));
    }

    [Fact]
    public void A_full_disk_is_said_and_the_same_command_goes_on_once_there_is_room()
    {
        var unshare = Shared.Program("unshare", "util-linux");
        var source = Shared.Path("fixtures", "llama2");
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        File.WriteAllText(folder.File("full.sh"),
            """
            mount -t tmpfs -o size=300k tmpfs "$1" || exit 99
            dotnet "$2" model convert "$3" "$1/out" --shard-size 100KB 2> "$4/first.txt"
            echo $? > "$4/first.code"
            ls "$1/out" > "$4/first.files"
            mount -o remount,size=10m "$1" || exit 99
            dotnet "$2" model convert "$3" "$1/out" --shard-size 100KB 2> "$4/second.txt"
            echo $? > "$4/second.code"
            ls -A "$1/out" > "$4/second.files"
            """);
        var start = new ProcessStartInfo(unshare, ["-rm", "sh", folder.File("full.sh"), disk, Path.Combine(AppContext.BaseDirectory, "llamax.dll"), source, folder.Path])
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
        Assert.Contains("the disk is full; the weights take 560,384 bytes. Whole files are kept: make room and run the same command again.", first, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", first, StringComparison.Ordinal);
        var whole = File.ReadAllLines(folder.File("first.files"));
        Assert.InRange(whole.Length, 1, 4);
        Assert.All(whole, name => Assert.EndsWith("-of-00007.safetensors", name, StringComparison.Ordinal));
        Assert.Equal("0", File.ReadAllText(folder.File("second.code")).Trim());
        var files = File.ReadAllLines(folder.File("second.files"));
        Assert.Contains("config.json", files);
        Assert.Contains("model-00007-of-00007.safetensors", files);
        Assert.DoesNotContain(".llamax-convert", files);
    }
}
