namespace Llamax.Testing.Hub;

/// <summary>A request as it came.</summary>
internal sealed record HubRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string Path => Uri.UnescapeDataString(Target.Split('?')[0]);

    public string Host => Headers.GetValueOrDefault("Host", "");

    /// <summary>The first byte that a range asks for; null where there is no range.</summary>
    public long? From => Headers.TryGetValue("Range", out var range) ? long.Parse(range["bytes=".Length..].TrimEnd('-')) : null;
}
