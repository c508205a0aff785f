namespace Llamax.Models.Hub.Http;

/// <summary>An answer, with what the hub itself said of a file before it sent us on to where the file lies.</summary>
internal sealed class HubResponse(HttpResponseMessage message) : IDisposable
{
    public HttpResponseMessage Message => message;

    /// <summary>The entity tag of the content: SHA-256 or git's hash.</summary>
    public string? LinkedTag { get; private set; }

    public long? LinkedSize { get; private set; }

    /// <summary>The entity tag of the answer itself, as it was sent.</summary>
    public string? Tag => Header(message, "ETag");

    /// <summary>Keeps what an earlier answer on the way said.</summary>
    public HubResponse With(string? tag, long? size)
    {
        (LinkedTag, LinkedSize) = (tag, size);
        return this;
    }

    /// <summary>A header's first value.</summary>
    public static string? Header(HttpResponseMessage message, string name) =>
        message.Headers.TryGetValues(name, out var values) || message.Content.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;

    /// <summary>An entity tag without its quotes and the mark of a weak one.</summary>
    public static string? Bare(string? tag) =>
        tag is null ? null : (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"');

    public void Dispose() => message.Dispose();
}
