using System.Text.Json;
using System.Text.Json.Serialization;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>Reads <see cref="FamilyRules"/>: keys in snake case, comments allowed, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(FamilyRules))]
internal sealed partial class FamilyRulesJson : JsonSerializerContext;
