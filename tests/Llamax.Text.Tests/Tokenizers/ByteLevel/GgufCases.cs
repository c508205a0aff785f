using Llamax.Testing;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

/// <summary>llama.cpp's texts with the ids that the original tokenizers give them.</summary>
internal static class GgufCases
{
    private const string Separator = "\n__ggml_vocab_test__\n";

    public static IEnumerable<(string Text, int[] Ids)> Of(string name)
    {
        var file = $"ggml-vocab-{name}.gguf";
        var texts = File.ReadAllText(Shared.Path("data", "tokenizers", "gguf", file + ".inp")).Split(Separator)[..^1];
        var ids = File.ReadAllLines(Shared.Path("data", "tokenizers", "gguf", file + ".out")).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray()).ToArray();
        Assert.Equal(46, texts.Length);
        Assert.Equal(46, ids.Length);
        return texts.Zip(ids);
    }
}
