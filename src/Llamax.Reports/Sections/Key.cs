using Llamax.Reports.Markup;

namespace Llamax.Reports.Sections;

/// <summary>Which colour is which system.</summary>
internal static class Key
{
    public static Html Of(SystemPair pair) => Of([("before", pair.Before), ("after", pair.After)]);

    public static Html Of(IEnumerable<(string Class, string Name)> entries) =>
        Html.Of($"<span class=\"key\">{entries.Select(entry => Html.Of($"<span><i class=\"{entry.Class}\"></i>{entry.Name}</span>"))}</span>");
}
