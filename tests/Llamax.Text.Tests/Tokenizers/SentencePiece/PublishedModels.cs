using System.IO.Compression;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>The SentencePiece models that lie beside the project.</summary>
internal static class PublishedModels
{
    /// <summary>The vocabulary of FLORES-200, of which only the pieces are here; <see cref="File"/> makes the model of them.</summary>
    public const string Flores200 = "data/tokenizers/flores200_spm_pieces_reconstructed.tsv.gz";

    /// <summary>Real ones.</summary>
    public static readonly string[] Large = ["data/tokenizers/llama2_tokenizer.model", "data/tokenizers/t5_spiece.model", Flores200];

    /// <summary>Small ones, made for tests.</summary>
    public static readonly string[] Toys =
        ["fixtures/tokenizers/llama_bpe.model", "fixtures/tokenizers/uni_nfkc.model", "fixtures/tokenizers/t5_uni.model", "fixtures/sacrebleu/toy_spm.model"];

    /// <summary>The model's file; skips the calling test where it is absent.</summary>
    public static string File(string name, TemporaryFolder folder)
    {
        var path = Shared.Path(name);
        if (name == Flores200)
        {
            PieceListConverter.Convert(Lines(path), path, new PieceListOptions { NormalizerFrom = Shared.Path(Large[1]) }, folder.File("flores200.model"));
            path = folder.File("flores200.model");
        }

        return path;
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
