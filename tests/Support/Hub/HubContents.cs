using System.Text;
using Llamax.Text.Randomness;

namespace Llamax.Testing.Hub;

/// <summary>Files of a model as they lie on a hub.</summary>
internal static class HubContents
{
    /// <summary>Bytes that differ from those of every other name, and from piece to piece.</summary>
    public static byte[] Noise(int length, string name)
    {
        const int Piece = 4096;
        var random = new RandomStream(1, "hub", name);
        var piece = new byte[Piece];
        for (var index = 0; index < Piece; index++)
        {
            piece[index] = (byte)random.Next(256);
        }

        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
        {
            bytes[index] = (byte)(piece[index % Piece] ^ index / Piece ^ index / Piece / 256);
        }

        return bytes;
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A model in one file, with what else usually lies beside it.</summary>
    public static Dictionary<string, byte[]> Model(int weights = 300_000, string name = "weights") => new(StringComparer.Ordinal)
    {
        [".gitattributes"] = Text("*.bin filter=lfs"),
        ["README.md"] = Text("# A model"),
        ["config.json"] = Text("""{"model_type": "llama"}"""),
        ["tokenizer.model"] = Noise(9_000, "tokenizer"),
        ["model.safetensors"] = Noise(weights, name),
        ["pytorch_model.bin"] = Noise(5_000, "bin"),
        ["flax_model.msgpack"] = Noise(5_001, "flax"),
        ["original/model.safetensors"] = Noise(5_002, "original"),
    };
}
