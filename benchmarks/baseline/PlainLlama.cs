using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Benchmarks.Baseline;

/// <summary>A LLaMA as one writes it down over TorchSharp's modules, with nothing done for speed and nothing against it.</summary>
public sealed class PlainLlama : nn.Module<Tensor, Tensor>
{
    private readonly Embedding embed;
    private readonly ModuleList<PlainLayer> layers;
    private readonly PlainNorm norm;
    private readonly Linear head;
    private readonly Tensor cos;
    private readonly Tensor sin;

    public PlainLlama(int vocabulary, int hidden, int inner, int depth, int heads, int longest)
        : base("plain")
    {
        embed = nn.Embedding(vocabulary, hidden);
        layers = nn.ModuleList(Enumerable.Range(0, depth).Select(_ => new PlainLayer(hidden, inner, heads)).ToArray());
        norm = new PlainNorm(hidden);
        head = nn.Linear(hidden, vocabulary, hasBias: false);
        var size = hidden / heads;
        using var frequencies = pow(10_000f, -arange(0, size, 2, float32) / size);
        using var angles = outer(arange(longest, float32), frequencies);
        using var both = cat([angles, angles], -1);
        (cos, sin) = (both.cos(), both.sin());
        RegisterComponents();
        foreach (var parameter in parameters().Where(parameter => parameter.dim() > 1))
        {
            nn.init.normal_(parameter, 0, 0.02);
        }
    }

    public override Tensor forward(Tensor ids)
    {
        var (c, s) = (cos.narrow(0, 0, ids.shape[1]), sin.narrow(0, 0, ids.shape[1]));
        var x = embed.forward(ids);
        foreach (var layer in layers)
        {
            x = layer.Forward(x, c, s);
        }

        return head.forward(norm.forward(x));
    }

    private sealed class PlainNorm : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight;

        public PlainNorm(int hidden)
            : base("norm")
        {
            weight = new Parameter(ones(hidden));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => weight * (x * rsqrt(x.pow(2).mean([-1], keepdim: true) + 1e-5));
    }

    private sealed class PlainLayer : nn.Module
    {
        private readonly PlainNorm norm1;
        private readonly PlainNorm norm2;
        private readonly Linear q;
        private readonly Linear k;
        private readonly Linear v;
        private readonly Linear o;
        private readonly Linear gate;
        private readonly Linear up;
        private readonly Linear down;
        private readonly int heads;

        public PlainLayer(int hidden, int inner, int heads)
            : base("layer")
        {
            this.heads = heads;
            (norm1, norm2) = (new PlainNorm(hidden), new PlainNorm(hidden));
            q = nn.Linear(hidden, hidden, hasBias: false);
            k = nn.Linear(hidden, hidden, hasBias: false);
            v = nn.Linear(hidden, hidden, hasBias: false);
            o = nn.Linear(hidden, hidden, hasBias: false);
            gate = nn.Linear(hidden, inner, hasBias: false);
            up = nn.Linear(hidden, inner, hasBias: false);
            down = nn.Linear(inner, hidden, hasBias: false);
            RegisterComponents();
        }

        public Tensor Forward(Tensor x, Tensor c, Tensor s)
        {
            var h = norm1.forward(x);
            var mixed = F.scaled_dot_product_attention(
                Rotate(Heads(q.forward(h)), c, s), Rotate(Heads(k.forward(h)), c, s), Heads(v.forward(h)), is_casual: true);
            x = x + o.forward(mixed.transpose(1, 2).reshape(x.shape));
            h = norm2.forward(x);
            return x + down.forward(F.silu(gate.forward(h)) * up.forward(h));
        }

        private static Tensor Rotate(Tensor x, Tensor c, Tensor s)
        {
            var halves = x.chunk(2, -1);
            return (x * c) + (cat([-halves[1], halves[0]], -1) * s);
        }

        private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);
    }
}
