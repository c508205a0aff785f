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
    /// <param name="names">The field's name, or several that it may have: of several that are there, the one that stands first here counts, and of one that is there again the last.</param>
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

            var (problem, start, isInner, best) = (IsMissing, records.Current.Length, false, names.Length);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue; // The end of the inner object, or of the outer one.
                }

                var isOuter = reader.CurrentDepth == 1;
                var entersInner = !within.IsEmpty && isOuter && reader.ValueTextEquals(within);
                var name = !entersInner && isOuter != isInner ? IndexIn(names, ref reader) : -1;
                var isField = name >= 0 && name <= best;
                var mayNameRows = isField && isOuter && !within.IsEmpty && LanguageNames.MayNameRows(reader.ValueSpan);
                reader.Read();
                entersInner &= reader.TokenType == JsonTokenType.StartObject;
                if (entersInner)
                {
                    records.Shorten(start);
                    (problem, isInner, best) = (IsMissing, true, names.Length);
                }
                else if (isField && !(mayNameRows && NamesRow(ref reader)))
                {
                    records.Shorten(start);
                    (problem, best) = (CopyText(ref reader, records), name);
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

    private static int IndexIn(byte[][] names, ref Utf8JsonReader reader)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (reader.ValueTextEquals(names[i]))
            {
                return i;
            }
        }

        return -1;
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
