using Llamax.Corpora.Cleaning.Repair;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Characters;

namespace Llamax.Corpora.Cleaning;

/// <summary>
/// The forms in which a cleaned text may hold a text of a test set: <see cref="Cleaner"/> repairs texts, and composes them,
/// where it is told to. One thread at a time.
/// </summary>
internal sealed class TextForms : IDisposable
{
    private readonly RecordBatch repaired = new(1);
    private readonly NormalForm normal = new();

    /// <summary>The text itself and its other forms; line ends in them are repaired, too.</summary>
    /// <param name="text">A text; what is no UTF-8 in it is read as <see cref="InvalidUtf8.Replace"/> reads it.</param>
    public List<byte[]> Of(ReadOnlySpan<byte> text)
    {
        var forms = new List<byte[]>();
        Utf8Text.TryMend(text, InvalidUtf8.Replace, () => "", out text);
        Add(text, forms);
        repaired.Clear();
        if (UnicodeRepair.Append(text, repaired, out _))
        {
            Add(repaired.Current, forms);
        }

        return forms;
    }

    public void Dispose() => repaired.Dispose();

    private void Add(ReadOnlySpan<byte> text, List<byte[]> forms)
    {
        forms.Add(text.ToArray());
        var composed = normal.Compose(text);
        if (!composed.SequenceEqual(text))
        {
            forms.Add(composed.ToArray());
        }
    }
}
