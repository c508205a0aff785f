using System.Text;
using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.SentencePiece;
using static Llamax.Text.Tokenizers.Gguf.GgufVocabulary;
using Merge = Llamax.Text.Tokenizers.Bpe.Merge;

namespace Llamax.Text.Tokenizers.Gguf;

/// <summary>Reads a vocabulary of the kind <c>gpt2</c>: tokens in GPT-2's alphabet, and merges.</summary>
internal static class GgufByteLevel
{
    /// <summary>Reads the definition.</summary>
    /// <exception cref="InvalidDataException">It is not sound.</exception>
    public static ByteLevelDefinition Read(GgufMetadata metadata)
    {
        var tokens = metadata.Get<GgufStrings>(Prefix + "tokens");
        var types = Types(metadata, tokens.Count);
        var (special, userDefined) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        var (bytes, starts) = (new ByteBuffer(), new int[tokens.Count + 1]);
        for (var id = 0; id < tokens.Count; id++)
        {
            var text = tokens.Text(id);
            var isName = IsName(types[id]);
            if (isName && (text.Length == 0 || !((PieceType)types[id] == PieceType.UserDefined ? userDefined : special).TryAdd(text, id)))
            {
                throw new InvalidDataException($"the name of token {id} is empty, or that of an earlier one ('{text}')");
            }

            bytes.Append(isName ? Encoding.UTF8.GetBytes(text) : ByteAlphabet.ToBytes(text));
            starts[id + 1] = bytes.Length;
        }

        if (special.Keys.FirstOrDefault(userDefined.ContainsKey) is { } both)
        {
            throw new InvalidDataException($"the token '{both}' is there twice");
        }

        var vocabulary = new ByteVocabulary(bytes.Written.ToArray(), starts, id => !IsName(types[id]));
        if (vocabulary.Twins is [var (first, second), ..])
        {
            throw new InvalidDataException($"token {second} ('{tokens.Text(second)}') is token {first} again");
        }

        var (pattern, wholeWordsFirst) = Pattern(metadata.Find<string>(Prefix + "pre") ?? "default");
        return new ByteLevelDefinition
        {
            Vocabulary = vocabulary,
            Merges = Merges(metadata.Get<GgufStrings>(Prefix + "merges"), vocabulary),
            Pattern = pattern,
            WholeWordsFirst = wholeWordsFirst,
            Special = special,
            UserDefined = userDefined,
            BosId = Id(metadata, "bos_token_id", tokens.Count),
            EosId = Id(metadata, "eos_token_id", tokens.Count),
            PadId = Id(metadata, "padding_token_id", tokens.Count),
            AddBos = Flag(metadata, "add_bos_token") ?? wholeWordsFirst,
            AddEos = Flag(metadata, "add_eos_token") ?? false,
        };
    }

    private static bool IsName(int type) => (PieceType)type is PieceType.Control or PieceType.Unknown or PieceType.UserDefined;

    /// <summary>
    /// What the names of pre-tokenisers stand for in llama.cpp; for LLaMA-3's, whole words go first, and BOS before a text
    /// unless the file says otherwise.
    /// </summary>
    private static (SplitPattern Pattern, bool WholeWordsFirst) Pattern(string name) => name switch
    {
        "llama3" or "llama-v3" or "llama-bpe" or "falcon3" or "falcon-h1" or "pixtral" or "midm-2.0" or "lfm2" => (SplitPattern.Llama3, true),
        "gpt-2" or "phi-2" or "mpt" or "olmo" or "jais" or "jina-es" or "jina-de" or "jina-v2-es" or "jina-v2-de" or "jina-v2-code" => (SplitPattern.Gpt2, false),
        "qwen2" or "stablelm2" or "deepseek-r1-qwen" or "megrez" => (SplitPattern.Qwen2, false),
        "command-r" or "refact" or "starcoder" or "smollm" or "codeshell" or "exaone" or "minerva-7b" => (SplitPattern.CommandR, false),
        "gpt-4o" or "llama4" => (SplitPattern.O200k, false),
        "default" => (Default(), false),
        _ => throw new InvalidDataException(
            $"its {Prefix}pre is {name} (llama-bpe, gpt-2, qwen2, command-r, gpt-4o and their like are supported; the model's tokenizer.json may be used instead)"),
    };

    private static SplitSequence Default() => new(
        new RegexPattern(@"[\p{P}\$\+<=>\^~\|]+"), SplitPattern.Gpt2, new RegexPattern(@"\p{N}+"), new RegexPattern("[0-9][0-9][0-9]"));

    private static MergeTable Merges(GgufStrings lines, ByteVocabulary vocabulary)
    {
        var merges = new Merge[lines.Count];
        for (var rank = 0; rank < lines.Count; rank++)
        {
            var line = lines.Text(rank);
            var space = line.Length > 0 ? line.IndexOf(' ', 1) : -1;
            var bytes = space < 0 ? [] : ByteAlphabet.ToBytes(line.Remove(space, 1));
            var left = space < 0 ? 0 : ByteAlphabet.ToBytes(line.AsSpan(0, space)).Length;
            merges[rank] = new Merge(Find(bytes.AsSpan(0, left)), Find(bytes.AsSpan(left)), rank, Find(bytes));

            int Find(ReadOnlySpan<byte> token)
            {
                var id = vocabulary.Find(token);
                return id >= 0 ? id : throw new InvalidDataException(
                    $"merge {rank} ('{line}') names '{ByteAlphabet.ToText(token)}', which is no token");
            }
        }

        return new MergeTable(merges);
    }
}
