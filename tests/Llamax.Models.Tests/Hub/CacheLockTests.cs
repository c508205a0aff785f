using System.Diagnostics;
using Llamax.Models.Hub.Cache;
using Llamax.Testing;

namespace Llamax.Models.Tests.Hub;

public sealed class CacheLockTests
{
    [Fact]
    public async Task The_second_waits_for_the_first()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a/b.lock");
        var first = await CacheLock.TakeAsync(path, new SwiftClock(), () => Assert.Fail("nobody holds it"), default);
        var waiting = new TaskCompletionSource();
        var second = CacheLock.TakeAsync(path, TimeProvider.System, waiting.SetResult, default);
        await waiting.Task;
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Who_waits_can_be_stopped()
    {
        using var folder = new TemporaryFolder();
        using var first = await CacheLock.TakeAsync(folder.File("lock"), TimeProvider.System, () => { }, default);
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CacheLock.TakeAsync(folder.File("lock"), TimeProvider.System, cancellation.Cancel, cancellation.Token));
    }

    // What Python's filelock does, which huggingface_hub locks by.
    [Fact]
    public async Task A_lock_of_Python_holds_us_and_ours_holds_Python()
    {
        var python = Shared.Program("python3", "python3");
        using var folder = new TemporaryFolder();
        var path = folder.File("lock");
        using var holder = Start($"""
            import fcntl, os, sys
            fd = os.open(r"{path}", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            print("held", flush=True)
            sys.stdin.read()
            """);
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
        var waiting = new TaskCompletionSource();
        var ours = CacheLock.TakeAsync(path, TimeProvider.System, waiting.SetResult, default);
        await waiting.Task;
        Assert.False(ours.IsCompleted);
        holder.StandardInput.Close();
        using var held = await ours;

        using var other = Start($"""
            import fcntl, os
            fd = os.open(r"{path}", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                print("taken")
            except BlockingIOError:
                print("refused")
            """);
        Assert.Equal("refused", await other.StandardOutput.ReadLineAsync());

        Process Start(string script) => Process.Start(new ProcessStartInfo(python, ["-c", script])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }
}
