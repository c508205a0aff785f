using System.Text.Json;

namespace Llamax.Corpora.Readers.Records;

/// <summary>Takes texts out of a JSON object without building it.</summary>
internal static class JsonFields
{
    public const string IsMissing = "missing";
    private const string NoJson = "no JSON object";
    public const string NoText = "the field is no text";

    /// <summary>Appends a field's text to the current field of <paramref name="records"/>.</summary>
    /// <param name="json">An object.</param>
    /// <param name="names">The field's name, or several that it may have; of several that are there, the last one counts.</param>
    /// <param name="within">
    /// An object inside that holds languages' texts; where it is there, the outer one is not asked. May be empty: the field
    /// is no language's then.
    /// </param>
    /// <param name="records">Receives the text.</param>
    /// <param name="detail">More about what is wrong.</param>
    /// <returns>What is wrong, or null where nothing is.</returns>
    public static string? Copy(ReadOnlySpan<byte> json, byte[][] names, ReadOnlySpan<byte> within, RecordBatch records, out string detail)
    {
        detail = "";
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return NoJson;
            }

            var (problem, start, isInner) = (IsMissing, records.Current.Length, false);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue; // The end of the inner object, or of the outer one.
                }

                var isOuter = reader.CurrentDepth == 1;
                var entersInner = !within.IsEmpty && isOuter && reader.ValueTextEquals(within);
                var isField = !entersInner && isOuter != isInner && IsOneOf(ref reader, names);
                var mayNameRows = isField && isOuter && !within.IsEmpty && LanguageNames.MayNameRows(reader.ValueSpan);
                reader.Read();
                entersInner &= reader.TokenType == JsonTokenType.StartObject;
                if (entersInner)
                {
                    records.Shorten(start);
                    (problem, isInner) = (IsMissing, true);
                }
                else if (isField && !(mayNameRows && NamesRow(ref reader)))
                {
                    records.Shorten(start);
                    problem = CopyText(ref reader, records);
                }

                if (reader.TokenType == JsonTokenType.StartArray || (reader.TokenType == JsonTokenType.StartObject && !entersInner))
                {
                    reader.Skip();
                }
            }

            return problem;
        }
        catch (JsonException exception)
        {
            detail = exception.Message;
            return NoJson;
        }
        catch (InvalidOperationException)
        {
            return NoText; // An escaped lone surrogate.
        }
    }

    private static bool IsOneOf(ref Utf8JsonReader reader, byte[][] names)
    {
        foreach (var name in names)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NamesRow(ref Utf8JsonReader reader) => reader.TokenType != JsonTokenType.String || LanguageNames.NamesRow(reader.ValueSpan);

    private static string? CopyText(ref Utf8JsonReader reader, RecordBatch records)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return NoText;
        }

        if (reader.ValueIsEscaped)
        {
            records.Advance(reader.CopyString(records.Room(reader.ValueSpan.Length)));
        }
        else
        {
            records.Append(reader.ValueSpan);
        }

        return null;
    }
}
