using System.Text;
using Llamax.Text.Randomness;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Lets sentences through to the training: not those that are too long, and where there is a limit, a uniform random
/// choice of all, held in memory. Every sentence draws a number; those with the largest stay (Efraimidis and Spirakis, 2006).
/// The limit of bytes is one of memory: each sentence counts 64 bytes besides its UTF-8, for its place in it, so that
/// empty ones count too.
/// </summary>
internal sealed class SentenceSampler(TokenizerTrainerOptions options)
{
    private const int BytesOfSentence = 64;

    /// <summary>Sentences seen so far.</summary>
    public long Seen { get; private set; }

    /// <summary>Sentences left out for their length.</summary>
    public long TooLong { get; private set; }

    public IEnumerable<string> Choose(IEnumerable<string> sentences)
    {
        var short_ = sentences.Where(IsShort);
        return options.MaxSentences == 0 && options.MaxBytes == 0 ? short_ : Sample(short_);
    }

    private bool IsShort(string sentence)
    {
        Seen++;
        var fits = sentence.Length <= options.MaxSentenceBytes / 3 || Encoding.UTF8.GetByteCount(sentence) <= options.MaxSentenceBytes;
        TooLong += fits ? 0 : 1;
        return fits;
    }

    private IEnumerable<string> Sample(IEnumerable<string> sentences)
    {
        var random = new RandomStream(options.SamplingSeed, "tokenizer", "sentences");
        var (sentenceLimit, byteLimit) = (options.MaxSentences == 0 ? int.MaxValue : options.MaxSentences, options.MaxBytes == 0 ? long.MaxValue : options.MaxBytes);
        var kept = new PriorityQueue<byte[], ulong>();
        var (bytes, lowest) = (0L, 0UL); // Once one was dropped, none with a lower number may stay.
        foreach (var sentence in sentences)
        {
            var number = random.NextUInt64();
            if (number < lowest)
            {
                continue;
            }

            var utf8 = Encoding.UTF8.GetBytes(sentence);
            kept.Enqueue(utf8, number);
            bytes += utf8.Length + BytesOfSentence;
            while (kept.Count > sentenceLimit || bytes > byteLimit)
            {
                kept.TryDequeue(out var dropped, out lowest);
                bytes -= dropped!.Length + BytesOfSentence;
            }
        }

        while (kept.TryDequeue(out var utf8, out _))
        {
            yield return Encoding.UTF8.GetString(utf8);
        }
    }
}
