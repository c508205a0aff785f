using System.ComponentModel.DataAnnotations;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Packed;
using Llamax.Corpora.Shards;

namespace Llamax.Corpora.Building;

/// <summary>How texts become training entries: the numbers of the paper's Algorithm 1, which are the defaults here, and of the files.</summary>
public sealed record DataOptions
{
    /// <summary>Ids of a monolingual entry at most, BOS and EOS included; longer texts are cut into several.</summary>
    [Range(8, 1 << 20)]
    public int BlockSize { get; init; } = 512;

    /// <summary>Ids of a sentence pair or an instruction at most, BOS and EOS included; longer ones are left out, and counted.</summary>
    [Range(8, 1 << 20)]
    public int MaxTokens { get; init; } = 512;

    /// <summary>Two languages with fewer sentence pairs than this are scarce; theirs enter <see cref="Replicate"/> times.</summary>
    [Range(0, long.MaxValue)]
    public long ReplicateBelow { get; init; } = 25_000;

    /// <summary>How many times a scarce sentence pair enters, the original included. Each time draws its direction anew.</summary>
    [Range(1, 100)]
    public int Replicate { get; init; } = 3;

    /// <summary>A language with fewer sentence pairs than this, all its partners together, has its pairs code-switched as well.</summary>
    [Range(0, long.MaxValue)]
    public long AugmentBelow { get; init; } = 25_000;

    /// <summary>
    /// Sentence pairs of two languages at most, drawn at random from theirs; 0 takes all. The thresholds count the pairs
    /// before this.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MaxPairs { get; init; }

    /// <summary>Texts of a language at most, drawn at random from its texts; 0 takes all.</summary>
    [Range(0, int.MaxValue)]
    public int MaxTexts { get; init; }

    /// <summary>How sentence pairs become entries.</summary>
    public DataFormat Format { get; init; }

    /// <summary>Whether several entries share a row of <see cref="PackedLength"/> ids at most.</summary>
    public PackingMode Packing { get; init; }

    /// <summary>Ids of a packed row at most.</summary>
    [Range(8, 1 << 20)]
    public int PackedLength { get; init; } = EntryPacker.DefaultLength;

    /// <summary>Whether entries begin with BOS, where the tokenizer has it.</summary>
    public bool Bos { get; init; } = true;

    /// <summary>Whether entries end with EOS, where the tokenizer has it. The blocks of a cut text have it after the last only.</summary>
    public bool Eos { get; init; } = true;

    /// <summary>What is mended in texts and pairs, and which are left out.</summary>
    public CleaningOptions Cleaning { get; init; } = new();

    /// <summary>Augmentation with dictionaries.</summary>
    public CodeSwitchOptions CodeSwitch { get; init; } = new();

    /// <summary>Pseudo-parallel data for languages with few pairs.</summary>
    public PseudoOptions Pseudo { get; init; } = new();

    /// <summary>Sizes of the files.</summary>
    public ShardOptions Shards { get; init; } = new();
}
