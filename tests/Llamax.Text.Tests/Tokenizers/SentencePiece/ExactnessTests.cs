using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>
/// Not one differing line, in FLORES-200 as a whole: the ids of Debian's <c>spm_encode</c> for all its 410,000 lines, and
/// the texts of <c>spm_decode</c>, for toy models those of every fourth line.
/// </summary>
[Trait("Category", "Long")]
public sealed class ExactnessTests(ExactnessTests.Texts texts) : IClassFixture<ExactnessTests.Texts>
{
    public static TheoryData<string> Models => [.. PublishedModels.Large, .. PublishedModels.Toys];

    [Theory]
    [MemberData(nameof(Models))]
    public void All_lines_of_FLORES_200(string name)
    {
        using var folder = new TemporaryFolder();
        var model = PublishedModels.File(name, folder);
        var tokenizer = SentencePieceTokenizer.Load(model);
        var (ids, line) = (new List<int>(), 0);
        LineProgram.Run("spm_encode", ["--model=" + model, "--output_format=id"],
            target => target.Write(texts.Content),
            answer =>
            {
                Encode(tokenizer, line, ids);
                var rest = answer.Span;
                foreach (var id in ids)
                {
                    if (!Utf8Parser.TryParse(rest, out int theirs, out var length) || theirs != id)
                    {
                        Assert.Fail($"line {line}: '{Encoding.UTF8.GetString(texts.Line(line))}' gives {string.Join(' ', ids)} instead of {Encoding.UTF8.GetString(answer.Span)}");
                    }

                    rest = rest[Math.Min(length + 1, rest.Length)..];
                }

                Assert.True(rest.IsEmpty, $"line {line} has ids too few");
                line++;
            });
        Assert.Equal(texts.Count, line);

        var step = PublishedModels.Large.Contains(name) ? 1 : 4;
        var (asked, decoded) = (new List<int>(), 0);
        LineProgram.Run("spm_decode", ["--model=" + model, "--input_format=id"],
            target =>
            {
                for (var i = 0; i < texts.Count; i += step)
                {
                    Encode(tokenizer, i, asked);
                    target.Write(Encoding.ASCII.GetBytes(string.Join(' ', asked.Select(id => id.ToString(CultureInfo.InvariantCulture))) + '\n'));
                }
            },
            answer =>
            {
                Encode(tokenizer, decoded, ids);
                var text = tokenizer.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
                if (!answer.Span.SequenceEqual(Encoding.UTF8.GetBytes(text)))
                {
                    Assert.Fail($"line {decoded} decodes to '{text}' instead of '{Encoding.UTF8.GetString(answer.Span)}'");
                }

                decoded += step;
            });
        Assert.Equal((texts.Count + step - 1) / step, decoded / step);
    }

    private void Encode(Tokenizer tokenizer, int line, List<int> ids)
    {
        ids.Clear();
        tokenizer.Encode(texts.Line(line), ids);
    }

    /// <summary>All lines of FLORES-200.</summary>
    public sealed class Texts
    {
        private readonly List<int> ends = [];

        public Texts()
        {
            var archive = Shared.Path("data", "flores", "flores200_dev_devtest.tar.gz");
            Content = Flores.Bytes(archive);
            for (var i = 0; i < Content.Length; i++)
            {
                if (Content[i] == '\n')
                {
                    ends.Add(i);
                }
            }

            Assert.True(Count > 409_000, $"{Count} lines");
        }

        public byte[] Content { get; }

        public int Count => ends.Count;

        public ReadOnlySpan<byte> Line(int line) => Content.AsSpan((line > 0 ? ends[line - 1] + 1 : 0)..ends[line]);
    }
}
