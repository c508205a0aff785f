using System.Text.Json;

namespace Llamax.Models.Hub.Catalog;

/// <summary>Names for what lies at official addresses, from <c>downloads.json</c>.</summary>
public static class DownloadCatalog
{
    private const string Resource = "Llamax.Models.Hub.Catalog.downloads.json";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The names and what they stand for, in the order of the file.</summary>
    public static IReadOnlyList<(string Name, string Description)> Names => [.. Read().Select(entry => (entry.Name, entry.Description))];

    internal static CatalogEntry? Find(string name) => Array.Find(Read(), entry => entry.Name == name);

    internal static CatalogEntry[] Read()
    {
        using var stream = typeof(DownloadCatalog).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing from the assembly.");
        return JsonSerializer.Deserialize<CatalogEntry[]>(stream, Json)!;
    }
}
