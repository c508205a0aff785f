using System.Text.Json.Nodes;
using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Testing.Pickles;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Testing;

/// <summary>Makes a weight another one: its name, as fairseq has it, and its content.</summary>
internal delegate Tensor WeightChange(string name, Tensor weight);

/// <summary>The m2m100 fixture as Lego-MT's files: an encoder and a decoder by themselves, under fairseq's names.</summary>
internal static class LegoFolder
{
    /// <summary>In the order of their tokens, which follow the 328 pieces and four special tokens as they do in the fixture.</summary>
    public static readonly string[] Languages = ["de", "en", "fr", "es", "ru", "zh", "ja", "ar", "tr", "pl", "it", "nl"];

    private const int Pieces = 328;

    /// <summary>The multilingual branches, the tokenizer and, where the fixture's four heads are to be said, <c>config.json</c>.</summary>
    public static void Write(TemporaryFolder folder, bool withConfig = true)
    {
        WriteBranch(folder.File("encoder_main.pt"));
        WriteBranch(folder.File("decoder_m2m.pt"));
        WriteTokenizer(folder);
        if (withConfig)
        {
            var config = JsonNode.Parse(File.ReadAllText(Shared.Path("fixtures", "m2m100", "config.json")))!;
            config["model_type"] = "lego_mt";
            File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        }
    }

    /// <summary>The dictionary has the tokens of all languages but the last four, which only the list has.</summary>
    public static void WriteTokenizer(TemporaryFolder folder)
    {
        var lines = File.ReadLines(Shared.Path("fixtures", "tokenizers", "uni_nfkc.vocab")).Skip(3).Take(Pieces).Select(line => $"{line.Split('\t')[0]} 7");
        File.WriteAllLines(folder.File("data_dict.rm.alllans.txt"), lines.Concat(Languages[..^4].Select(language => $"__{language}__ 1")));
        File.WriteAllText(folder.File("m2m_langs.txt"), string.Join(',', Languages.Take(2).Concat(Languages)) + "\n");
        File.Copy(Shared.Path("fixtures", "tokenizers", "uni_nfkc.model"), folder.File("spm.128k.model"));
    }

    /// <summary>One half, by the file's name.</summary>
    /// <param name="path">A file whose name begins with <c>encoder</c> or <c>decoder</c>.</param>
    /// <param name="change">Makes its weights others.</param>
    /// <param name="rename">The names in the file for fairseq's; none for a null.</param>
    public static void WriteBranch(string path, WeightChange? change = null, Func<string, string?>? rename = null)
    {
        using var scope = NewDisposeScope();
        using var fixture = TensorFiles.Open(Shared.Path("fixtures", "m2m100", "model.safetensors"));
        var half = Path.GetFileName(path)[..7];
        var shared = fixture.Read("model.shared.weight");
        var weights = fixture.Tensors.Where(entry => entry.Name.StartsWith($"model.{half}.", StringComparison.Ordinal))
            .Select(entry => (Name: entry.Name["model.".Length..], Value: fixture.Read(entry.Name)))
            .ToList();
        weights.Add(($"{half}.version", tensor(3f)));
        weights.Add(($"{half}.embed_positions._float_tensor", zeros(1)));
        weights.Add(($"{half}.embed_tokens.weight", shared.clone()));
        if (half == "decoder")
        {
            weights.Add(("decoder.output_projection.weight", shared.clone()));
        }

        var named = weights.Select(weight => (Name: rename is null ? weight.Name : rename(weight.Name), Value: change?.Invoke(weight.Name, weight.Value) ?? weight.Value))
            .Where(weight => weight.Name is not null).ToList();
        var pickle = PickleBytes.Start().Op('}').Op('(')
            .Text("args").Global("argparse", "Namespace").Op(')').Raw(0x81).Op('}').Text("arch").Text("transformer").Op('s').Op('b')
            .Text("model").Global("collections", "OrderedDict").Op(')').Op('R').Op('(');
        for (var i = 0; i < named.Count; i++)
        {
            var shape = named[i].Value.shape;
            pickle.Text(named[i].Name!).Tensor(
                "FloatStorage", $"{i}", named[i].Value.NumberOfElements, 0, shape, [.. shape.Select((_, k) => shape[(k + 1)..].Aggregate(1L, (a, b) => a * b))]);
        }

        pickle.Op('u').Op('}').Text("_metadata").Op('}').Op('s').Op('b').Text("extra_state").Op('}').Op('u');
        File.WriteAllBytes(path, ZipBytes.Checkpoint(pickle.Done(), [.. named.Select((weight, i) => ($"{i}", weight.Value.bytes.ToArray()))]));
    }

    /// <summary>The same network as a folder of M2M-100's family, with its weights changed and perhaps an output of its own.</summary>
    public static void WriteTwin(TemporaryFolder folder, WeightChange? change = null, bool tied = true, int heads = 4)
    {
        using var scope = NewDisposeScope();
        using var fixture = TensorFiles.Open(Shared.Path("fixtures", "m2m100", "model.safetensors"));
        var weights = fixture.Tensors.Select(entry => (entry.Name, Value: fixture.Read(entry.Name))).ToList();
        if (!tied)
        {
            weights.Add(("lm_head.weight", fixture.Read("model.shared.weight")));
        }

        SafetensorsWriter.Write(folder.File("model.safetensors"), weights.Select(weight => (weight.Name, change?.Invoke(weight.Name, weight.Value) ?? weight.Value)).ToList());
        var config = JsonNode.Parse(File.ReadAllText(Shared.Path("fixtures", "m2m100", "config.json")))!;
        (config["tie_word_embeddings"], config["encoder_attention_heads"], config["decoder_attention_heads"]) = (tied, heads, heads);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
    }
}
