using System.Text;

namespace Llamax.Testing.Hub;

/// <summary>An answer, honest unless told otherwise.</summary>
internal sealed record HubReply(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The Content-Length to lie with; the body's own where null.</summary>
    public long? DeclaredLength { get; init; }

    /// <summary>So many bytes of the body are sent before the server does what <see cref="Ending"/> says.</summary>
    public int? SendOnly { get; init; }

    public HubEnding Ending { get; init; }

    /// <summary>Waits between pieces of 16 KiB.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>Called once the bytes that are sent at all are sent.</summary>
    public Action? Sent { get; init; }

    public static HubReply Of(string text, int status = 200) => new(status, Encoding.UTF8.GetBytes(text));

    public static HubReply Redirect(string location, int status = 302) =>
        new(status, []) { Headers = { ["Location"] = location } };

    /// <summary>All of a file, or the part that is asked for.</summary>
    public static HubReply File(HubRequest request, byte[] content, string? tag = null)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Accept-Ranges"] = "bytes" };
        if (tag is not null)
        {
            headers["ETag"] = tag;
        }

        var isCurrent = !request.Headers.TryGetValue("If-Range", out var wanted) || wanted == tag;
        if (request.From is not { } from || !isCurrent)
        {
            return new HubReply(200, content) { Headers = headers };
        }

        if (from >= content.Length)
        {
            headers["Content-Range"] = $"bytes */{content.Length}";
            return new HubReply(416, []) { Headers = headers };
        }

        headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        return new HubReply(206, content[(int)from..]) { Headers = headers };
    }
}
