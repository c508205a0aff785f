using System.Buffers;
using System.Text.Json;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace;
using Llamax.Text.Tokenizers.HuggingFace.Json;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>
/// Reads <c>vocab.json</c> and <c>merges.txt</c>, the files of GPT-2's and Qwen2's tokenizers in Python: they are put
/// together into the tokenizer.json that says the same.
/// </summary>
internal static class ByteLevelFiles
{
    private const string EndOfText = "<|endoftext|>";
    private const long LargestFile = 64 << 20;

    private static readonly string[] Known = ["GPT2Tokenizer", "Qwen2Tokenizer", "gpt2", "gpt_neo", "gptj", "gpt_bigcode", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe"];

    /// <summary>Other classes have such files, too, but not always these rules.</summary>
    public static string? Note(string folder, FolderSettings settings) => (settings.PlainClass ?? settings.ModelType) is not { } name || Known.Contains(name) ? null
        : $"{folder}: vocab.json and merges.txt are read as GPT-2's, which may be wrong for {name}. Give the model's tokenizer.json.";

    /// <summary>Reads the files.</summary>
    /// <param name="vocabulary">Names and ids.</param>
    /// <param name="merges">Lines of two neighbours that merge, the first ones first, after a comment line.</param>
    /// <param name="settings">What the folder says.</param>
    /// <exception cref="LlamaxException">They are not sound.</exception>
    public static Tokenizer Load(string vocabulary, string merges, FolderSettings settings)
    {
        var content = Read(vocabulary);
        var ids = JsonFile.ReadIfThere(vocabulary)!.Ids();
        var json = new ArrayBufferWriter<byte>(content.Length * 2);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("added_tokens");
            var added = settings.Added.ToList();
            if (ids.TryGetValue(EndOfText, out var end) && added.TrueForAll(token => token.Name != EndOfText))
            {
                added.Add(new AddedToken(EndOfText, end, Special: true));
            }

            foreach (var token in added)
            {
                Write(writer, token);
            }

            writer.WriteEndArray();
            WriteSteps(writer, isQwen: IsQwen(settings.PlainClass ?? settings.ModelType ?? ""));
            writer.WriteStartObject("model");
            writer.WriteString("type", "BPE");
            writer.WritePropertyName("vocab");
            writer.WriteRawValue(content.Span);
            writer.WriteStartArray("merges");
            foreach (var (index, line) in System.Text.Encoding.UTF8.GetString(Read(merges).Span).Split('\n').Select(line => line.TrimEnd('\r')).Index())
            {
                if (line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
                {
                    Check(line.Split(' '), ids, $"{merges}, line {index + 1}: '{line}'", vocabulary);
                    writer.WriteStringValue(line);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return HuggingFaceTokenizer.Parse(json.WrittenSpan, vocabulary);
    }

    private static bool IsQwen(string name) => name.StartsWith("qwen2", StringComparison.OrdinalIgnoreCase) || name.StartsWith("qwen3", StringComparison.OrdinalIgnoreCase);

    private static void Check(string[] parts, Dictionary<string, int> ids, string line, string vocabulary)
    {
        if (parts is not [{ Length: > 0 } left, { Length: > 0 } right])
        {
            throw new LlamaxException($"{line} is no merge. Expected two pieces with a space between them.");
        }

        if (Array.Find([left, right, left + right], piece => !ids.ContainsKey(piece)) is { } missing)
        {
            throw new LlamaxException($"{line} needs '{missing}', which {Path.GetFileName(vocabulary)} lacks: the two files do not belong together, or one was cut short.");
        }
    }

    private static void Write(Utf8JsonWriter writer, AddedToken token)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", token.Id);
        writer.WriteString("content", token.Name);
        writer.WriteBoolean("single_word", token.SingleWord);
        writer.WriteBoolean("lstrip", token.LeftStrip);
        writer.WriteBoolean("rstrip", token.RightStrip);
        writer.WriteBoolean("normalized", value: false);
        writer.WriteBoolean("special", token.Special);
        writer.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter writer, bool isQwen)
    {
        if (isQwen)
        {
            writer.WriteStartObject("normalizer");
            writer.WriteString("type", "NFC");
            writer.WriteEndObject();
        }

        writer.WriteStartObject("pre_tokenizer");
        if (isQwen)
        {
            writer.WriteString("type", "Sequence");
            writer.WriteStartArray("pretokenizers");
            writer.WriteStartObject();
            writer.WriteString("type", "Split");
            writer.WriteStartObject("pattern");
            writer.WriteString("Regex", SplitPattern.Qwen2Regex);
            writer.WriteEndObject();
            writer.WriteString("behavior", "Isolated");
            writer.WriteBoolean("invert", value: false);
            writer.WriteEndObject();
            writer.WriteStartObject();
            WriteByteLevel(writer, usesPattern: false);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        else
        {
            // By itself, so that add_prefix_space in tokenizer_config.json counts, as it does in GPT-2's class and not in Qwen2's.
            WriteByteLevel(writer, usesPattern: true);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("decoder");
        WriteByteLevel(writer, usesPattern: true);
        writer.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter writer, bool usesPattern)
    {
        writer.WriteString("type", "ByteLevel");
        writer.WriteBoolean("add_prefix_space", value: false);
        writer.WriteBoolean("trim_offsets", value: true);
        writer.WriteBoolean("use_regex", usesPattern);
    }

    private static ReadOnlyMemory<byte> Read(string path) => FileStamp.Of(path).Length <= LargestFile ? JsonText.WithoutMark(File.ReadAllBytes(path))
        : throw new LlamaxException($"{path} is larger than {LargestFile >> 20} MiB, which no such file is.");
}
