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
    private const int MaximumText = 1 << 22; // Characters of a unit's segments, all together.
    private const int MaximumMarkup = 1 << 24; // Bytes of one tag, text, or comment.
    private const int MaximumDepth = 64;

    /// <inheritdoc/>
    public override string Name => file.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Languages => languages;

    /// <inheritdoc/>
    protected override string Unit => "unit";

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> ReadRaw(BadRecords bad, CancellationToken cancellationToken)
    {
        using var stream = new MeasuredStream(file.Open(), MaximumMarkup, () => TooLarge($"a tag or text of more than {MaximumMarkup >> 20} MiB"));
        using var reader = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = false,
        });
        var xml = new Markup(reader, stream);
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
    private bool TryReadUnit(Markup xml, RecordBatch batch, ref long units, BadRecords bad)
    {
        try
        {
            while (xml.Reader.NodeType != XmlNodeType.Element || xml.Reader.Name != "tu")
            {
                if (!Read(xml))
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
            bad.AddAbsent($"{Name}, {Unit} {unit}", unit, $"no text in {string.Join(" and ", languages)}");
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
    private string?[] ReadUnit(Markup xml)
    {
        var segments = new string?[languages.Count];
        if (xml.Reader.IsEmptyElement)
        {
            Read(xml);
            return segments;
        }

        var (depth, language, room, isOwn) = (xml.Reader.Depth, -1, MaximumText, false);
        var hasOwn = new bool[languages.Count];
        while (Read(xml) && xml.Reader.Depth > depth)
        {
            if (xml.Reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.Reader.Name == "tuv")
            {
                var name = xml.Reader.GetAttribute("xml:lang") ?? xml.Reader.GetAttribute("lang") ?? "";
                language = Find(name);
                isOwn = language >= 0 && string.Equals(name, languages[language], StringComparison.OrdinalIgnoreCase);
            }
            else if (xml.Reader.Name == "seg" && language >= 0)
            {
                var text = ReadSegment(xml, ref room);
                if (segments[language] is null || (isOwn && !hasOwn[language])) // Of several in a language, the first under its own code, or else the first.
                {
                    (segments[language], hasOwn[language]) = (text, isOwn);
                }
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

    private string ReadSegment(Markup xml, ref int room)
    {
        var text = new StringBuilder();
        var depth = xml.Reader.Depth;
        if (xml.Reader.IsEmptyElement)
        {
            return "";
        }

        var codeDepth = int.MaxValue; // Of a code of formatting that is being passed over.
        while (Read(xml) && xml.Reader.Depth > depth)
        {
            codeDepth = xml.Reader.Depth > codeDepth ? codeDepth : int.MaxValue;
            if (codeDepth < int.MaxValue)
            {
                continue;
            }

            if (xml.Reader.NodeType == XmlNodeType.Element && xml.Reader.Name is "bpt" or "ept" or "it" or "ph" or "ut")
            {
                codeDepth = xml.Reader.IsEmptyElement ? int.MaxValue : xml.Reader.Depth;
            }
            else if (xml.Reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                var part = xml.Reader.Value;
                room -= part.Length;
                text.Append(room >= 0 ? part : throw TooLarge($"a unit of more than {MaximumText >> 20} Mi characters"));
            }
        }

        return text.ToString();
    }

    private bool Read(Markup xml)
    {
        xml.Stream.Reset();
        return xml.Reader.Read() && (xml.Reader.Depth <= MaximumDepth ? true : throw TooLarge($"elements {MaximumDepth} deep inside others"));
    }

    private LlamaxException TooLarge(string what) => new($"{Name} has {what}. Is this a translation memory? Expected TMX 1.4.");

    private sealed record Markup(XmlReader Reader, MeasuredStream Stream);
}
