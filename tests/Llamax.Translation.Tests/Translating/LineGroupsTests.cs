using System.IO.Pipelines;
using Llamax.Translation.Translating;

namespace Llamax.Translation.Tests.Translating;

public sealed class LineGroupsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_group_is_as_large_as_half_a_minute_allows()
    {
        var groups = new LineGroups(new LineReader(new StringReader(string.Concat(Enumerable.Repeat("line\n", 2000))), "in"));
        Assert.Equal(32, (await groups.ReadAsync(None)).Count);
        groups.Took(32, TimeSpan.FromMilliseconds(1)); // The first lines may have been short.
        Assert.Equal(128, (await groups.ReadAsync(None)).Count);
        groups.Took(128, TimeSpan.FromSeconds(8));
        Assert.Equal(480, (await groups.ReadAsync(None)).Count);
        groups.Took(480, TimeSpan.FromMinutes(10));
        Assert.Equal(24, (await groups.ReadAsync(None)).Count);
        groups.Took(24, TimeSpan.FromHours(10));
        Assert.Equal(8, (await groups.ReadAsync(None)).Count);
        for (var i = 0; i < 9; i++)
        {
            groups.Took(groups.Size, TimeSpan.Zero);
        }

        Assert.Equal(8192, groups.Size);
        Assert.Equal(2000 - 672, (await groups.ReadAsync(None)).Count);
        Assert.Empty(await groups.ReadAsync(None));
        Assert.Empty(await groups.ReadAsync(None));
    }

    [Fact]
    public void What_is_loaded_for_each_group_makes_groups_larger()
    {
        var groups = new LineGroups(new LineReader(new StringReader(""), "in"));
        groups.Took(32, TimeSpan.FromSeconds(50), loading: TimeSpan.FromSeconds(40));
        Assert.Equal(128, groups.Size);
        groups.Took(128, TimeSpan.FromSeconds(120), loading: TimeSpan.FromSeconds(40));
        Assert.Equal(304, groups.Size);
    }

    [Fact]
    public async Task A_group_ends_where_the_next_line_is_not_there_yet()
    {
        var pipe = new Pipe();
        using var text = new StreamReader(pipe.Reader.AsStream());
        var groups = new LineGroups(new LineReader(text, "in"));
        await pipe.Writer.WriteAsync("one\ntwo\nthr"u8.ToArray(), None);
        Assert.Equal(["one", "two"], await groups.ReadAsync(None));
        var next = groups.ReadAsync(None);
        await pipe.Writer.WriteAsync("ee\nfour\n"u8.ToArray(), None);
        Assert.Equal(["three", "four"], await next);
        await pipe.Writer.WriteAsync("five"u8.ToArray(), None);
        await pipe.Writer.CompleteAsync();
        Assert.Equal(["five"], await groups.ReadAsync(None));
        Assert.Empty(await groups.ReadAsync(None));
    }

    [Fact]
    public async Task Waiting_for_a_line_can_be_stopped_where_the_stream_does_not_listen()
    {
        using var text = new StreamReader(new DeafStream());
        using var stop = new CancellationTokenSource();
        var waiting = new LineReader(text, "in").ReadAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(30), None));
    }

    /// <summary>Never has anything, and does not look at the token, as .NET's console.</summary>
    private sealed class DeafStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<int>().Task);
    }
}
