using Llamax.Text.Tokenizers.HuggingFace.Added;
using Llamax.Text.Tokenizers.HuggingFace.Decoders;
using Llamax.Text.Tokenizers.HuggingFace.Models;
using Llamax.Text.Tokenizers.HuggingFace.Normalizers;
using Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>What a <c>tokenizer.json</c> holds, ready to work.</summary>
internal sealed record TokenizerFile
{
    /// <summary>What happens to a text before it is cut.</summary>
    public required TextNormalizer[] Normalizers { get; init; }

    /// <summary>How it is cut.</summary>
    public required PieceStep[] Steps { get; init; }

    /// <summary>Whether <c>pre_tokenizer</c> is ByteLevel by itself, not as a part of a sequence.</summary>
    public bool IsByteLevel { get; init; }

    /// <summary>What makes ids of the pieces.</summary>
    public required WordModel Model { get; init; }

    /// <summary>The added tokens.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>How tokens become text.</summary>
    public required Func<IEnumerable<DecodingStage>> Decoder { get; init; }

    /// <summary>What stands around a text.</summary>
    public required SequenceFrame Frame { get; init; }
}
