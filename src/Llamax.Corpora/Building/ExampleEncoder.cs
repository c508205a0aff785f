using System.Buffers;
using System.Runtime.InteropServices;
using Llamax.Corpora.Building.Chunks;
using Llamax.Corpora.Readers;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Building;

/// <summary>
/// Turns texts into training entries. Texts are text: what they say about special tokens steers nothing. One thread at a
/// time.
/// </summary>
internal sealed class ExampleEncoder
{
    /// <summary>What the manifest calls pairs that were left out.</summary>
    public const string PairTooLong = "sentence pairs above max_tokens, by entry";

    /// <summary>What the manifest calls instructions that were left out.</summary>
    public const string InstructionTooLong = "instructions above max_tokens or without a response";

    /// <summary>What stands for the direction of an instruction, whose language its file does not tell (ISO 639: undetermined).</summary>
    public const string UnknownLanguage = "und";

    private readonly Tokenizer tokenizer;
    private readonly DataOptions options;
    private readonly int[] prefix;
    private readonly int[] suffix;
    private readonly List<int> ids = [];
    private readonly List<int> block = [];
    private readonly List<int> source = [];
    private readonly ArrayBufferWriter<byte> joined = new();

    public ExampleEncoder(Tokenizer tokenizer, DataOptions options)
    {
        this.tokenizer = tokenizer;
        this.options = options;
        var frame = SequenceFrame.ForTraining(tokenizer, options.Bos, options.Eos);
        (prefix, suffix) = ([.. frame.Prefix], [.. frame.Suffix]);
    }

    /// <summary>
    /// A text as blocks of at most <see cref="DataOptions.BlockSize"/> ids, none of the text's ids lost. Each begins with
    /// BOS; EOS stands where the text ends. (A block of one id, which has no target, is possible only without BOS and is left out.)
    /// </summary>
    public void AddBlocks(ReadOnlySpan<byte> text, string kind, string language, EntryBuffer entries, int group = 0)
    {
        ids.Clear();
        tokenizer.Encode(text, ids, SpecialTokens.Text);
        var all = CollectionsMarshal.AsSpan(ids);
        var room = options.BlockSize - prefix.Length;
        for (var start = 0; start < all.Length; start += room)
        {
            var part = all.Slice(start, Math.Min(room, all.Length - start));
            block.Clear();
            block.AddRange(prefix);
            block.AddRange(part);
            if (start + part.Length == all.Length && part.Length + suffix.Length <= room) // A last block without room for EOS does without.
            {
                block.AddRange(suffix);
            }

            TryAdd(block, 0, options.BlockSize, kind, language, entries, group);
        }
    }

    /// <summary>
    /// A pair as one entry: first, a space, second; loss on everything. One that is too long or has no target is counted;
    /// returns whether it is none of these.
    /// </summary>
    public bool AddPair(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, string kind, string direction, EntryBuffer entries, int group = 0)
    {
        EncodePair(first, second);
        return TryAdd(ids, 0, options.MaxTokens, kind, direction, entries, group) || LeaveOut(PairTooLong, entries);
    }

    /// <summary>
    /// A code-switched pair: source, a space, target; loss on the target only. One that is too long or has no target is
    /// counted; returns whether it is none of these.
    /// </summary>
    public bool AddForTarget(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, string kind, string direction, EntryBuffer entries, int group = 0)
    {
        EncodePair(from, to);
        return TryAdd(ids, prefix.Length + SourceLength(from), options.MaxTokens, kind, direction, entries, group) || LeaveOut(PairTooLong, entries);
    }

    /// <summary>A prompt and its response; loss on the response. One that is too long or has no response is counted.</summary>
    public void AddInstruction(InstructionExample instruction, PromptTemplate template, EntryBuffer entries)
    {
        var prompt = PromptEncoder.Encode(template, instruction.Instruction, instruction.Input, tokenizer);
        List<int> whole = [.. PromptEncoder.Complete(prompt, instruction.Output, tokenizer)];
        if (!TryAdd(whole, prompt.Length, options.MaxTokens, ExampleKinds.Instruction, UnknownLanguage, entries, 0))
        {
            entries.LeaveOut(InstructionTooLong);
        }
    }

    private void EncodePair(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        joined.ResetWrittenCount();
        joined.Write(first);
        joined.Write(" "u8);
        joined.Write(second);
        ids.Clear();
        ids.AddRange(prefix);
        tokenizer.Encode(joined.WrittenSpan, ids, SpecialTokens.Text);
        ids.AddRange(suffix);
    }

    /// <summary>
    /// Ids of the source in the ids of the whole. A space that is a token of its own belongs to the source; one that is
    /// the beginning of the target's first token belongs to the target. Where a token spans the boundary, it counts as
    /// the target's.
    /// </summary>
    private int SourceLength(ReadOnlySpan<byte> from)
    {
        var whole = CollectionsMarshal.AsSpan(ids)[prefix.Length..^suffix.Length];
        source.Clear();
        tokenizer.Encode(joined.WrittenSpan[..(from.Length + 1)], source, SpecialTokens.Text);
        if (whole.StartsWith(CollectionsMarshal.AsSpan(source)))
        {
            return source.Count;
        }

        source.Clear();
        tokenizer.Encode(from, source, SpecialTokens.Text);
        return whole.CommonPrefixLength(CollectionsMarshal.AsSpan(source));
    }

    private static bool LeaveOut(string reason, EntryBuffer entries)
    {
        entries.LeaveOut(reason);
        return false;
    }

    private static bool TryAdd(List<int> entry, int lossFrom, int maximum, string kind, string direction, EntryBuffer entries, int group)
    {
        if (entry.Count > maximum || entry.Count <= Math.Max(lossFrom, 1))
        {
            return false;
        }

        entries.Add(CollectionsMarshal.AsSpan(entry), lossFrom, kind, direction, group);
        return true;
    }
}
