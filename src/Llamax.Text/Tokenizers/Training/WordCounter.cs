using System.Text;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Counts the words and characters of sentences, on several threads. Sentences are counted in batches whose bounds hang on
/// the sentences alone, and the batches are added up in their order, so the result does not depend on the number of threads.
/// </summary>
internal sealed class WordCounter
{
    /// <summary>Stands for reserved strings (such as <c>&lt;s&gt;</c>) found in the text; no piece reaches over it.</summary>
    public const char Boundary = '\t';

    /// <summary>Ends the last word of each sentence.</summary>
    public const char SentenceEnd = '\0';

    private const int BatchCharacters = 1 << 19;

    private readonly bool splitAtSpaces;
    private readonly NormalizerSpec spec;
    private readonly WordTable reserved = new();
    private readonly List<int>[] reservedLengths = new List<int>[256]; // By the first byte, the longest first.
    private readonly int maximumText;

    /// <summary>Prepares the counting.</summary>
    /// <param name="options">Says whether sentences are split at spaces.</param>
    /// <param name="spec">How sentences are normalised.</param>
    /// <param name="reserved">Strings that are pieces already.</param>
    /// <param name="maximumText">Room for different words, in bytes; beyond it the rare ones are drawn from.</param>
    public WordCounter(TokenizerTrainerOptions options, NormalizerSpec spec, IEnumerable<string> reserved, int maximumText)
    {
        (splitAtSpaces, this.spec, this.maximumText) = (options.SplitByWhitespace, spec, maximumText);
        foreach (var text in reserved)
        {
            var piece = Encoding.UTF8.GetBytes(text);
            this.reserved.Add(piece, 1);
            var lengths = reservedLengths[piece[0]] ??= [];
            if (!lengths.Contains(piece.Length))
            {
                lengths.Add(piece.Length);
                lengths.Sort((a, b) => b - a);
            }
        }
    }

    /// <summary>Words with their counts, in order of their first appearance. A space is written ▁ and begins a word; <see cref="SentenceEnd"/> ends a sentence's last one.</summary>
    public WordTable Words { get; private set; } = new();

    public CharacterCounts Characters { get; } = new();

    /// <summary>Counts sentences.</summary>
    public void Count(IEnumerable<string> sentences, int threads, CancellationToken cancellation)
    {
        var random = new RandomStream(0, "tokenizer", "words");
        var (threshold, length, batch) = (1L, 0, new List<string>());
        var running = new Queue<Task<Batch>>();
        foreach (var sentence in sentences)
        {
            batch.Add(sentence);
            length += sentence.Length;
            if (length >= BatchCharacters)
            {
                cancellation.ThrowIfCancellationRequested();
                Start(batch);
                (batch, length) = ([], 0);
            }
        }

        Start(batch);
        while (running.TryDequeue(out var last))
        {
            Take(last.GetAwaiter().GetResult());
        }

        void Start(List<string> sentences)
        {
            if (threads == 1)
            {
                Take(CountBatch(sentences));
                return;
            }

            running.Enqueue(Task.Run(() => CountBatch(sentences), cancellation));
            if (running.Count > threads)
            {
                Take(running.Dequeue().GetAwaiter().GetResult());
            }
        }

        void Take(Batch counted)
        {
            Words.Add(counted.Words);
            Characters.Add(counted.Characters);
            while (Words.TextLength > maximumText)
            {
                threshold *= 2;
                Words = Words.Sample(threshold, random);
            }
        }
    }

    private Batch CountBatch(List<string> sentences)
    {
        var normalizer = new Normalizer(spec);
        var (utf8, normalized, word) = (new ByteBuffer(), new ByteBuffer(), new ByteBuffer());
        var (words, characters) = (new WordTable(), new CharacterCounts());
        foreach (var sentence in sentences)
        {
            utf8.Truncate(0);
            normalized.Truncate(0);
            Encoding.UTF8.GetBytes(sentence, utf8.Grow(Encoding.UTF8.GetByteCount(sentence)));
            normalizer.Normalize(utf8.Written, normalized);
            word.Truncate(0);
            for (var rest = normalized.Written; !rest.IsEmpty;)
            {
                if (LongestReserved(rest) is > 0 and var taken)
                {
                    characters.Add(Boundary);
                    word.Append("\t"u8);
                    rest = rest[taken..];
                    continue;
                }

                Rune.DecodeFromUtf8(rest, out var rune, out var length);
                characters.Add(rune.Value);
                if (rune.Value == '▁' && splitAtSpaces && word.Length > 0)
                {
                    words.Add(word.Written, 1);
                    word.Truncate(0);
                }

                word.Append(rest[..length]);
                rest = rest[length..];
            }

            if (word.Length > 0)
            {
                word.Append("\0"u8);
                words.Add(word.Written, 1);
            }
        }

        return new Batch(words, characters);
    }

    /// <summary>Length of the longest reserved string that the text begins with, or 0.</summary>
    private int LongestReserved(ReadOnlySpan<byte> text)
    {
        if (reservedLengths[text[0]] is not { } lengths)
        {
            return 0;
        }

        foreach (var length in lengths)
        {
            if (length <= text.Length && reserved.Contains(text[..length]))
            {
                return length;
            }
        }

        return 0;
    }

    private sealed record Batch(WordTable Words, CharacterCounts Characters);
}
