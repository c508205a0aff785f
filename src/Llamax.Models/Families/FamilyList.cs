
namespace Llamax.Models.Families;

/// <summary>All families of models that can be read.</summary>
internal static class FamilyList
{
    /// <summary>Each of them; docs/models.md shows the same list.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        Llama.Family, Qwen2.Family, Cohere.Family, Gpt2.Family, Yayi2.Family, M2M100.Family, LegoMt.Family, T5.Family, T5.MultilingualFamily, XlmRoberta.Family,
    ];

    /// <summary>The family that <c>config.json</c> names.</summary>
    /// <exception cref="LlamaxException">None is named, or it is unknown.</exception>
    public static Family Of(JsonKeys json)
    {
        var type = json.Text("model_type") ?? throw new LlamaxException(
            $"{json.Source}: the key 'model_type' is missing; it names the family of the model, one of: {Names}.");
        return Find(type) ?? throw new LlamaxException(
            $"{json.Source}: model_type '{type}' is not known; known are: {Names}. A model of the same network under another name "
            + "can be read by putting one of these names into its config.json.");
    }

    /// <summary>The family of that name, or null.</summary>
    public static Family? Find(string name) => All.FirstOrDefault(family => family.Name == name);

    private static string Names => string.Join(", ", All.Select(family => family.Name));
}
