using Llamax.Corpora.Readers;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Building;

/// <summary>Turns texts into training entries. Texts are text: what they say about special tokens steers nothing. Thread-safe.</summary>
internal sealed class ExampleEncoder
{
    /// <summary>What stands for the direction of an instruction, whose language its file does not tell (ISO 639: undetermined).</summary>
    private const string UnknownLanguage = "und";

    private readonly Tokenizer tokenizer;
    private readonly DataOptions options;
    private readonly SequenceFrame frame;

    public ExampleEncoder(Tokenizer tokenizer, DataOptions options)
    {
        this.tokenizer = tokenizer;
        this.options = options;
        frame = SequenceFrame.ForTraining(tokenizer, options.Bos, options.Eos);
    }

    /// <summary>
    /// A text as blocks of at most <see cref="DataOptions.BlockSize"/> ids, none of the text's ids lost. Each begins with
    /// BOS; EOS stands where the text ends. (A block of one id, which has no target, is possible only without BOS and is left out.)
    /// </summary>
    public List<TrainingExample> Blocks(Document document)
    {
        var ids = tokenizer.Encode(document.Text, SpecialTokens.Text);
        var room = options.BlockSize - frame.Prefix.Count;
        var blocks = new List<TrainingExample>();
        for (var start = 0; start < ids.Length; start += room)
        {
            var part = ids.AsSpan(start, Math.Min(room, ids.Length - start));
            var ends = start + part.Length == ids.Length && part.Length + frame.Suffix.Count <= room; // A last block without room for EOS does without.
            if (Make(Frame(part, ends), 0, options.BlockSize, ExampleKinds.Monolingual, document.Language) is { } block)
            {
                blocks.Add(block);
            }
        }

        return blocks;
    }

    /// <summary>A pair as one entry: source, a space, target; loss on everything. Null where it is too long or has no target.</summary>
    public TrainingExample? Connect(SentencePair pair) => Make(
        Frame(tokenizer.Encode($"{pair.Source} {pair.Target}", SpecialTokens.Text), ends: true), 0, options.MaxTokens, ExampleKinds.Parallel, Direction(pair));

    /// <summary>A code-switched pair: source, a space, target; loss on the target only. Null where it is too long or has no target.</summary>
    public TrainingExample? ConnectForTarget(SentencePair pair)
    {
        var ids = tokenizer.Encode($"{pair.Source} {pair.Target}", SpecialTokens.Text);
        var from = SourceLength(pair.Source, ids) + frame.Prefix.Count;
        return Make(Frame(ids, ends: true), from, options.MaxTokens, ExampleKinds.CodeSwitched, Direction(pair));
    }

    /// <summary>A prompt and its response; loss on the response. Null where it is too long or has no target.</summary>
    public TrainingExample? Instruct(InstructionExample instruction, PromptTemplate template)
    {
        var prompt = PromptEncoder.Encode(template, instruction.Instruction, instruction.Input, tokenizer);
        var ids = PromptEncoder.Complete(prompt, instruction.Output, tokenizer);
        return Make(ids, prompt.Length, options.MaxTokens, ExampleKinds.Instruction, UnknownLanguage);
    }

    /// <summary>
    /// Ids of the source in the ids of the whole. A space that is a token of its own belongs to the source; one that is
    /// the beginning of the target's first token belongs to the target. Where a token spans the boundary, it counts as
    /// the target's.
    /// </summary>
    private int SourceLength(string source, int[] whole)
    {
        var withSpace = tokenizer.Encode(source + " ", SpecialTokens.Text);
        if (whole.AsSpan().StartsWith(withSpace))
        {
            return withSpace.Length;
        }

        return whole.AsSpan().CommonPrefixLength(tokenizer.Encode(source, SpecialTokens.Text));
    }

    private int[] Frame(ReadOnlySpan<int> text, bool ends) => (ends ? frame : frame with { Suffix = [] }).Around(text);

    private static TrainingExample? Make(int[] ids, int lossFrom, int maximum, string kind, string direction) =>
        ids.Length <= maximum && ids.Length > Math.Max(lossFrom, 1) ? new TrainingExample(ids, lossFrom, kind, direction) : null;

    private static string Direction(SentencePair pair) => $"{pair.SourceLanguage}-{pair.TargetLanguage}";
}
