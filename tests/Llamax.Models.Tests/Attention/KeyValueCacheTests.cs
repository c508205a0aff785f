using CsCheck;
using Llamax.Models.Attention;
using Llamax.Text.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Attention;

public sealed class KeyValueCacheTests
{
    [Fact]
    public void Reading_in_pieces_equals_reading_at_once()
    {
        using var model = TestModels.Small(keyValueHeads: 2);
        var layers = model.Config.Layers;
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 5].Array[1, 5], Gen.Int[0, 3], Gen.Int).Sample(
            (batch, pieces, padding, seed) =>
            {
                using var scope = NewDisposeScope();
                using var grad = no_grad();
                var random = new RandomStream(seed, "cache");
                var length = pieces.Sum() + padding;
                var ids = tensor(Enumerable.Range(0, batch * length).Select(_ => (long)random.Next(model.Config.VocabularySize)).ToArray()).view(batch, length);

                // Row r has r pads on its left, up to the number drawn; the first piece takes all padding in.
                var pads = Enumerable.Range(0, batch).Select(row => Math.Min(row, padding)).ToArray();
                var mask = tensor([.. pads.SelectMany(pad => Enumerable.Range(0, length).Select(i => i < pad ? 0L : 1L))]).view(batch, length);
                var positions = (mask.cumsum(1) - 1).clamp_min(0);
                pieces[0] += padding;
                using var masked = new MaskedAttention(mask);
                var whole = model.Hidden(ids, positions, masked);

                using var cache = new KeyValueCache(layers, length, mask.narrow(1, 0, pieces[0]));
                var at = 0;
                foreach (var piece in pieces)
                {
                    var part = model.Hidden(ids.narrow(1, at, piece), positions.narrow(1, at, piece), cache);
                    var difference = ((part - whole.narrow(1, at, piece)).abs() * mask.narrow(1, at, piece).unsqueeze(-1)).max().item<float>();
                    Assert.InRange(difference, 0, 1e-4f);
                    at += piece;
                    Assert.Equal(at, cache.Length);
                }
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public void More_tokens_than_it_holds_are_refused()
    {
        using var model = TestModels.Small(keyValueHeads: 4);
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(model.Config.Layers, 2);
        Assert.Throws<InvalidOperationException>(() => model.Hidden(zeros(1, 3, int64), arange(3).unsqueeze(0), cache));
    }
}
