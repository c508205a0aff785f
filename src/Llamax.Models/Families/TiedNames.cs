namespace Llamax.Models.Families;

/// <summary>The other name of a tied embedding: some writers keep the output's.</summary>
internal static class TiedNames
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of(string embedding) =>
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [embedding] = [Family.UsualOutput] };
}
