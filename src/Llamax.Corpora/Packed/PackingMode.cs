using System.Text.Json.Serialization;

namespace Llamax.Corpora.Packed;

/// <summary>Whether several training entries share a row of the training set.</summary>
public enum PackingMode
{
    /// <summary>Each entry is a row.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Several in a row, and the later ones see the earlier ones.</summary>
    [JsonStringEnumMemberName("concatenated")]
    Concatenated,

    /// <summary>Several in a row, each by itself: attention ends at its beginning, where positions start from 0 again.</summary>
    [JsonStringEnumMemberName("isolated")]
    Isolated,
}
