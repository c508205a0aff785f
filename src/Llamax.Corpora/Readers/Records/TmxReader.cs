using System.Text;
using System.Xml;

namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// Translation memories, TMX 1.4: a record is a unit's segments in the languages wanted. Codes of formatting
/// (<c>bpt ept it ph ut</c>) are dropped with what is in them; what <c>hi</c> marks stays. No document type is read, so
/// that no entity can be expanded.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="languages">The languages wanted, two or more.</param>
public sealed class TmxReader(TextFile file, IReadOnlyList<string> languages) : RecordReader
{
    private const int MaximumSegment = LineReader.MaximumLength;

    /// <inheritdoc/>
    public override string Name => file.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Languages => languages;

    /// <inheritdoc/>
    protected override string Unit => "unit";

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> ReadRaw(BadRecords bad, CancellationToken cancellationToken)
    {
        using var stream = file.Open();
        using var xml = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = false,
        });
        var units = 0L;
        for (var more = true; more;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = new RecordBatch(languages.Count, BatchBytes);
            while ((more = TryReadUnit(xml, batch, ref units, bad)) && !IsFull(batch))
            {
            }

            yield return batch;
        }
    }

    /// <inheritdoc/>
    public override void Decode(RecordBatch raw, RecordBatch records, BadRecords bad) => TrimmedRecords.Copy(raw, records);

    /// <summary>Reads the next unit; false at the end of what can be read.</summary>
    private bool TryReadUnit(XmlReader xml, RecordBatch batch, ref long units, BadRecords bad)
    {
        try
        {
            while (xml.NodeType != XmlNodeType.Element || xml.Name != "tu")
            {
                if (!xml.Read())
                {
                    return units > 0 ? false : throw new LlamaxException($"{Name} holds no translation unit: expected <tu> elements, as in TMX 1.4.");
                }
            }

            units++;
            Append(ReadUnit(xml), batch, units, bad);
            return true;
        }
        catch (XmlException exception)
        {
            bad.Add($"{Name}, after unit {units}", units + 1, "the file is damaged or no TMX from there on; the units up to there are kept", exception.Message);
        }
        catch (Exception exception) when (TextFile.IsDamage(exception))
        {
            bad.Add($"{Name}, after unit {units}", units + 1, "the file is damaged or cut off; the units up to there are kept", exception.Message);
        }

        return false;
    }

    private void Append(string?[] segments, RecordBatch batch, long unit, BadRecords bad)
    {
        var missing = segments.Count(segment => segment is null);
        if (segments.Length - missing < 2)
        {
            Report(bad, unit, $"no text in {string.Join(" and ", languages)}");
            return;
        }

        foreach (var segment in segments)
        {
            batch.Append(Encoding.UTF8.GetBytes(segment ?? ""));
            batch.EndField();
        }

        batch.EndRecord(unit);
    }

    /// <summary>The segments of the unit whose start tag the reader stands on; the reader is left behind the unit.</summary>
    private string?[] ReadUnit(XmlReader xml)
    {
        var segments = new string?[languages.Count];
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return segments;
        }

        var (depth, language) = (xml.Depth, -1);
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.Name == "tuv")
            {
                language = Find(xml.GetAttribute("xml:lang") ?? xml.GetAttribute("lang") ?? "");
            }
            else if (xml.Name == "seg" && language >= 0)
            {
                var text = ReadSegment(xml);
                segments[language] ??= text; // Of several in a language, the first.
            }
        }

        return segments;
    }

    private int Find(string name)
    {
        for (var i = 0; i < languages.Count; i++)
        {
            if (LanguageNames.Means(name, languages[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private string ReadSegment(XmlReader xml)
    {
        var text = new StringBuilder();
        var depth = xml.Depth;
        if (xml.IsEmptyElement)
        {
            return "";
        }

        xml.Read();
        while (xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Name is "bpt" or "ept" or "it" or "ph" or "ut")
            {
                xml.Skip();
                continue;
            }

            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                text.Append(xml.Value);
                if (text.Length > MaximumSegment)
                {
                    throw new LlamaxException($"{Name}: a segment is longer than {MaximumSegment >> 20} Mi characters. Is this a translation memory?");
                }
            }

            if (!xml.Read())
            {
                break;
            }
        }

        return text.ToString();
    }
}
