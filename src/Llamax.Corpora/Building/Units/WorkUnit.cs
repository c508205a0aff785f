using System.Security.Cryptography;
using System.Text;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Building.Units;

/// <summary>A source of records that is worked on as a whole: a file, or files side by side.</summary>
/// <param name="Reader">Reads it.</param>
/// <param name="Files">The files that it reads.</param>
/// <param name="Reading">How it is read, in words that change when the records would: format, field, members of archives.</param>
public sealed record WorkUnit(RecordReader Reader, IReadOnlyList<TextFile> Files, string Reading)
{
    /// <summary>The languages or pairs of languages of its records, in the order in which a record gives them.</summary>
    internal IReadOnlyList<LanguageGroup> Groups { get; } = LanguageGroup.Of(Reader.Languages);

    /// <summary>Whether a model translated its pairs from English.</summary>
    public bool IsPseudo { get; init; }

    /// <summary>Size on disk in bytes.</summary>
    internal long Size { get; } = Files.DistinctBy(file => file.DiskPath).Sum(file => file.Size);

    /// <summary>Whether it is a part of a file, beside others.</summary>
    internal bool IsPart => Files is [{ IsPart: true }];

    /// <summary>Bytes on disk that the latest reading is past, as far as that is known: members of archives count when they are done.</summary>
    internal long Position => Files.Sum(file => file.Position);

    /// <summary>The unit in parts that are worked on by themselves, in the order of its records: of a large plain file of lines, several.</summary>
    /// <param name="size">Bytes of a part at least.</param>
    /// <exception cref="LlamaxException">The file cannot be read.</exception>
    internal IReadOnlyList<WorkUnit> Parts(long size) =>
        Files is [var file] && FileParts.Of(file, size) is { Count: > 1 } parts && Reader.Of(parts[0]) is not null
            ? [.. parts.Select(part => new WorkUnit(Reader.Of(part)!, [part], Reading) { IsPseudo = IsPseudo })]
            : [this];

    /// <summary>
    /// What the unit's records depend on, as a hash: contents of files, languages, reading and what else the caller names.
    /// Names of files are not among it.
    /// </summary>
    /// <param name="hashOf">SHA-256 of a file.</param>
    /// <param name="settings">What else the work on the unit depends on.</param>
    internal string Fingerprint(Func<string, string> hashOf, string settings)
    {
        var text = string.Join('\n', [string.Join(' ', Reader.Languages), Reading, settings, .. Files.Select(file => hashOf(file.DiskPath))]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
