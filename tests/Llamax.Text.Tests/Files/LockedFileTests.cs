using Llamax.Testing;
using Llamax.Text.Files;

namespace Llamax.Text.Tests.Files;

public sealed class LockedFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_at_a_time_has_the_file()
    {
        using (LockedFile.TryOpen(folder.File("a")))
        {
            Assert.Null(LockedFile.TryOpen(folder.File("a")));
            using var other = LockedFile.TryOpen(folder.File("b"));
            Assert.NotNull(other);
        }

        using var again = LockedFile.TryOpen(folder.File("a"));
        Assert.NotNull(again);
    }

    [Fact]
    public void A_name_that_another_file_has_taken_is_not_the_open_files()
    {
        using var first = LockedFile.TryOpen(folder.File("a"))!;
        Assert.True(LockedFile.IsAt(folder.File("a"), first));
        File.CreateSymbolicLink(folder.File("link"), "a");
        Assert.True(LockedFile.IsAt(folder.File("link"), first));
        File.Move(folder.File("a"), folder.File("b"));
        Assert.False(LockedFile.IsAt(folder.File("a"), first));
        Assert.True(LockedFile.IsAt(folder.File("b"), first));
        using var second = LockedFile.TryOpen(folder.File("a"))!;
        Assert.False(LockedFile.IsAt(folder.File("a"), first));
        Assert.True(LockedFile.IsAt(folder.File("a"), second));
        File.Delete(folder.File("b"));
        Assert.False(LockedFile.IsAt(folder.File("b"), first));
    }

    /// <summary>Each removes the file that it has, as is done with a finished one: who has it then has one of its own.</summary>
    [Fact]
    public void Who_waited_for_a_removed_file_gets_the_one_that_is_there_now()
    {
        var path = folder.File("a");
        var (holders, wrong) = (0, 0);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var round = 0; round < 3000; round++)
            {
                if (LockedFile.TryOpen(path) is not { } opened)
                {
                    continue;
                }

                using (opened)
                {
                    if (Interlocked.Increment(ref holders) != 1)
                    {
                        Interlocked.Increment(ref wrong);
                    }

                    Interlocked.Decrement(ref holders);
                    File.Delete(path);
                }
            }
        });
        Assert.Equal(0, wrong);
    }
}
