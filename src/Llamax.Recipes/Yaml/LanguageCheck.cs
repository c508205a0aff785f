namespace Llamax.Recipes.Yaml;

/// <summary>What the binder asks about languages.</summary>
/// <param name="IsKnown">Whether the code is in the registry.</param>
/// <param name="Nearest">The known code that was probably meant, or null.</param>
internal sealed record LanguageCheck(Func<string, bool> IsKnown, Func<string, string?> Nearest);
