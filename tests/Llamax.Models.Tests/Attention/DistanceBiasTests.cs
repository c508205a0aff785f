using Llamax.Models.Attention;
using Llamax.Testing;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Attention;

public sealed class DistanceBiasTests
{
    [Fact]
    public void All_layers_of_a_call_share_what_distances_add_and_the_next_call_makes_its_own()
    {
        using var model = ModelFolder.LoadSequenceToSequence(Shared.Path("fixtures", "t5_v11"));
        Assert.True(model.Decoder.Config.Layers > 1);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        using (no_grad())
        {
            var first = Read();
            Assert.All(first, tensors =>
            {
                Assert.Same(first[0].Matrix, tensors.Matrix);
                Assert.Same(first[0].Masked, tensors.Masked);
                Assert.Same(first[0].Row, tensors.Row);
            });
            Assert.NotSame(first[0].Matrix, Read()[0].Matrix);
        }

        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        List<(Tensor Matrix, Tensor Masked, Tensor Row)> Read()
        {
            var recorder = new Recorder();
            model.Decoder.Hidden(tensor(new long[] { 0, 5, 6 }).unsqueeze(0), arange(3).unsqueeze(0), recorder);
            return recorder.Seen;
        }
    }

    /// <summary>Keeps what it is given instead of attending.</summary>
    private sealed class Recorder : AttentionContext
    {
        private readonly Tensor mask = ones([1, 1, 3, 3], ScalarType.Bool).tril();

        public List<(Tensor Matrix, Tensor Masked, Tensor Row)> Seen { get; } = [];

        public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
        {
            Seen.Add((bias!.Matrix(3, 3), bias.Masked(mask, ScalarType.Float32), bias.ByDistance(4)));
            return v;
        }

        public override Tensor AttendAcross(int layer, Tensor q) => q;
    }
}
