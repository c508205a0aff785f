using System.Text;
using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Models;

/// <summary>Byte-pair encoding over characters, or over the characters of the byte alphabet that stand for a text's bytes.</summary>
internal sealed class BpeModel : WordModel
{
    private const int PageBits = 6;
    private static readonly byte[] Space = "▁"u8.ToArray();

    private readonly BpeSettings settings;
    private readonly MergeEngine merges;
    private readonly bool cutsAtSpaces;
    private readonly bool overBytes;
    private readonly int[] byteSymbols = new int[256]; // Of the byte alphabet.
    private readonly int[]?[] characterSymbols = new int[]?[0x10000 >> PageBits]; // Id + 1, by page of characters.
    private readonly int[]? byteTokens;
    private readonly int unknown;

    /// <summary>Prepares the model.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="overBytes">Whether pieces come as they are, and each byte is to be read as its character of the byte alphabet.</param>
    public BpeModel(ByteVocabulary vocabulary, BpeMerges merges, BpeSettings settings, bool overBytes)
        : base(vocabulary)
    {
        (this.settings, this.overBytes) = (settings, overBytes);
        this.merges = new MergeEngine(merges.Table);
        byteTokens = settings.ByteFallback ? ByteTokens() : null;
        unknown = settings.UnknownToken is { } token ? vocabulary.Find(Encoding.UTF8.GetBytes(token)) : -1;
        for (var value = 0; value < 256; value++)
        {
            byteSymbols[value] = vocabulary.Find(Encoding.UTF8.GetBytes([ByteAlphabet.ToCharacter((byte)value)]));
        }

        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (Rune.DecodeFromUtf8(vocabulary[id], out var rune, out var length) == System.Buffers.OperationStatus.Done
                && length == vocabulary[id].Length && rune.IsBmp)
            {
                (characterSymbols[rune.Value >> PageBits] ??= new int[1 << PageBits])[rune.Value & ((1 << PageBits) - 1)] = id + 1;
            }
        }

        // A text may be cut before a ▁ that follows another character where no merge can reach across, and where that other
        // character does not vanish.
        var keepsAll = settings.UnknownToken is not null || (byteTokens is not null && !byteTokens.Contains(-1));
        cutsAtSpaces = !overBytes && keepsAll && !merges.CrossesSpaces && !settings.HasAffixes && !settings.WholeWordsFirst
            && vocabulary.Find(Space) >= 0 && settings.UnknownToken?.EndsWith('▁') != true;
    }

    /// <inheritdoc/>
    public override int? UnknownId => unknown < 0 ? null : unknown;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<byte> piece, TokenBuffer ids, EncodingWorkspace workspace)
    {
        while (cutsAtSpaces && NextCut(piece) is > 0 and var cut)
        {
            EncodeWord(piece[..cut], ids, workspace);
            piece = piece[cut..];
        }

        EncodeWord(piece, ids, workspace);
    }

    /// <summary>Where the first ▁ stands that follows another character; -1 for nowhere.</summary>
    private static int NextCut(ReadOnlySpan<byte> piece)
    {
        var at = 0;
        while (piece[at..].StartsWith(Space))
        {
            at += Space.Length;
        }

        var next = at < piece.Length ? piece[at..].IndexOf(Space) : -1;
        return next < 0 ? -1 : at + next;
    }

    private void EncodeWord(ReadOnlySpan<byte> word, TokenBuffer ids, EncodingWorkspace workspace)
    {
        if (workspace.Words.TryGet(word, ids))
        {
            return;
        }

        var start = ids.Count;
        var whole = settings.WholeWordsFirst ? FindWhole(word, workspace.Word) : -1;
        if (whole >= 0)
        {
            ids.Add(whole);
        }
        else
        {
            Merge(word, ids, workspace);
        }

        workspace.Words.Add(word, ids.Written[start..]);
    }

    private int FindWhole(ReadOnlySpan<byte> word, ByteBuffer scratch)
    {
        if (!overBytes)
        {
            return Vocabulary.Find(word);
        }

        if (word.Length > Vocabulary.LongestToken)
        {
            return -1;
        }

        scratch.Truncate(0);
        ByteMapping.Append(word, scratch);
        return Vocabulary.Find(scratch.Written);
    }

    private void Merge(ReadOnlySpan<byte> word, TokenBuffer ids, EncodingWorkspace workspace)
    {
        // The symbols are put where the ids go, and merged in place.
        var start = ids.Count;
        if (overBytes)
        {
            AddBytes(word, ids);
        }
        else
        {
            AddCharacters(word, ids, workspace.Word);
        }

        var symbols = workspace.Symbols(ids.Count - start);
        ids.Written[start..].CopyTo(symbols);
        ids.Truncate(start);
        ids.AddRange(symbols[..merges.Merge(symbols, workspace.Merges)]);
    }

    private void AddBytes(ReadOnlySpan<byte> word, TokenBuffer ids)
    {
        var pending = false;
        foreach (var value in word)
        {
            Add(byteSymbols[value], ref pending, ids);
        }

        Flush(ref pending, ids);
    }

    private void AddCharacters(ReadOnlySpan<byte> word, TokenBuffer ids, ByteBuffer scratch)
    {
        var pending = false;
        for (var at = 0; at < word.Length;)
        {
            Rune.DecodeFromUtf8(word[at..], out var rune, out var length);
            var text = word.Slice(at, length);
            int symbol;
            if (settings.HasAffixes)
            {
                text = WithAffixes(text, at == 0, at + length == word.Length, scratch);
                symbol = Vocabulary.Find(text);
            }
            else
            {
                symbol = rune.IsBmp
                    ? (characterSymbols[rune.Value >> PageBits]?[rune.Value & ((1 << PageBits) - 1)] ?? 0) - 1 : Vocabulary.Find(text);
            }

            // Byte tokens go before an unknown token that is still waiting to be joined with the next: so does the library.
            if (symbol >= 0 || byteTokens is null || !TryAddBytes(text, byteTokens, ids))
            {
                Add(symbol, ref pending, ids);
            }

            at += length;
        }

        Flush(ref pending, ids);
    }

    private ReadOnlySpan<byte> WithAffixes(ReadOnlySpan<byte> character, bool isFirst, bool isLast, ByteBuffer scratch)
    {
        scratch.Truncate(0);
        scratch.Append(isFirst ? [] : settings.Prefix);
        scratch.Append(character);
        scratch.Append(isLast ? settings.Suffix : []);
        return scratch.Written;
    }

    /// <summary>Appends a symbol, or the unknown one for -1; nothing where there is no unknown token.</summary>
    private void Add(int symbol, ref bool pending, TokenBuffer ids)
    {
        if (symbol >= 0)
        {
            Flush(ref pending, ids);
            ids.Add(symbol);
        }
        else if (settings.UnknownToken is not null)
        {
            if (unknown < 0)
            {
                throw new LlamaxException(
                    $"The text has a character that the tokenizer's vocabulary lacks, and its unk_token '{settings.UnknownToken}' is not in the vocabulary.");
            }

            if (!settings.FuseUnknown)
            {
                Flush(ref pending, ids);
            }

            pending = true;
        }
    }

    private void Flush(ref bool pending, TokenBuffer ids)
    {
        if (pending)
        {
            ids.Add(unknown);
            pending = false;
        }
    }
}
