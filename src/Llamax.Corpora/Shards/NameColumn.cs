using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;

namespace Llamax.Corpora.Shards;

/// <summary>A column of few different names in a mapped file: a number per row, and the names that they stand for.</summary>
internal sealed class NameColumn
{
    private readonly ArrowBuffer numbers;
    private readonly string[] names;

    /// <summary>Reads the names; Arrow's own reader trusts the file's offsets.</summary>
    /// <exception cref="InvalidDataException">The names are not within the file, or the column is shorter than its rows.</exception>
    public NameColumn(DictionaryArray column, int rows)
    {
        numbers = ((Int32Array)column.Indices).ValueBuffer;
        var dictionary = (StringArray)column.Dictionary;
        var offsets = Cast(dictionary.ValueOffsetsBuffer);
        var bytes = dictionary.ValueBuffer.Span;
        if (Numbers.Length < rows || dictionary.Length < 0 || offsets.Length <= dictionary.Length)
        {
            throw new InvalidDataException("a column of names is shorter than its rows.");
        }

        names = new string[dictionary.Length];
        for (var i = 0; i < names.Length; i++)
        {
            // Offsets that run backwards could make gigabytes of names from a small file.
            if (offsets[i] < 0 || offsets[i + 1] < offsets[i] || offsets[i + 1] > bytes.Length)
            {
                throw new InvalidDataException("a column's names are not within the file.");
            }

            names[i] = Encoding.UTF8.GetString(bytes[offsets[i]..offsets[i + 1]]);
        }
    }

    /// <summary>Per row, the number of its name.</summary>
    public ReadOnlySpan<int> Numbers => Cast(numbers);

    /// <summary>The name of a row.</summary>
    /// <exception cref="LlamaxException">The row's number stands for no name.</exception>
    public string this[int row] => Numbers[row] is var number && (uint)number < names.Length
        ? names[number]
        : throw new LlamaxException("A shard's kinds or directions are damaged. Check the folder with `llamax data verify`.");

    private static ReadOnlySpan<int> Cast(ArrowBuffer buffer) => MemoryMarshal.Cast<byte, int>(buffer.Span);
}
