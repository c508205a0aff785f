using System.Text.Json.Nodes;

namespace Llamax.Models.Resizing;

/// <summary>What was done to a model's rows.</summary>
public sealed record ResizeRecord
{
    /// <summary>The settings.</summary>
    public required ResizeOptions Options { get; init; }

    /// <summary>Rows before.</summary>
    public required int OldRows { get; init; }

    /// <summary>Rows now.</summary>
    public required int NewRows { get; init; }

    /// <summary>The weights that were resized.</summary>
    public required IReadOnlyList<string> Weights { get; init; }

    /// <summary>Files of the old folder that do not fit the new vocabulary and were left out.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Whether the old folder had a <c>tokenizer.json</c>, which is to be made anew.</summary>
    public required bool HadTokenizerJson { get; init; }

    /// <summary>What the user should know, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The record as <c>extension.json</c> holds it.</summary>
    public JsonObject ToJson() => new()
    {
        ["init"] = RowInits.Name(Options.Init),
        ["noise_scale"] = Options.Init == RowInit.SubwordsWithNoise ? Options.NoiseScale : null,
        ["seed"] = Options.Init == RowInit.SubwordsWithNoise ? Options.Seed : null,
        ["rows_before"] = OldRows,
        ["rows"] = NewRows,
        ["weights"] = new JsonArray([.. Weights.Select(name => JsonValue.Create(name))]),
        ["left_out"] = new JsonArray([.. LeftOut.Select(name => JsonValue.Create(name))]),
    };
}
