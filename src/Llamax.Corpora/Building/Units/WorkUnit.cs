using System.Security.Cryptography;
using System.Text;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Building.Units;

/// <summary>A source of records that is worked on as a whole: a file, or files side by side.</summary>
/// <param name="Reader">Reads it.</param>
/// <param name="Files">The files on disk that it reads.</param>
/// <param name="Reading">How it is read, in words that change when the records would: format, field, members of archives.</param>
internal sealed record WorkUnit(RecordReader Reader, IReadOnlyList<string> Files, string Reading)
{
    /// <summary>The languages or pairs of languages of its records, in the order in which a record gives them.</summary>
    public IReadOnlyList<LanguageGroup> Groups { get; } = LanguageGroup.Of(Reader.Languages);

    /// <summary>
    /// What the unit's records depend on, as a hash: contents of files, languages, reading and what else the caller names.
    /// Names of files are not among it.
    /// </summary>
    /// <param name="hashOf">SHA-256 of a file.</param>
    /// <param name="settings">What else the work on the unit depends on.</param>
    public string Fingerprint(Func<string, string> hashOf, string settings)
    {
        var text = string.Join('\n', [string.Join(' ', Reader.Languages), Reading, settings, .. Files.Select(hashOf)]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
