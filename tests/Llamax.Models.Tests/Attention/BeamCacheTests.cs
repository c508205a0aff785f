using CsCheck;
using Llamax.Models.Attention;
using Llamax.Text.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Tests.Attention;

/// <summary>Both caches beside lists of keys and values per beam, while sentences enter and leave at random.</summary>
public sealed class BeamCacheTests
{
    private static readonly Gen<int>[] Sizes = [.. new[] { 2, 6, 16, 20, 64, 80 }.Select(Gen.Const)];
    private static readonly Gen<int>[] Prefixes = [.. new[] { 0, 1, 9, 16, 37 }.Select(Gen.Const)];

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Each_beam_attends_to_the_prefix_its_prompt_and_its_ancestors(bool paged, bool withBias) =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 3], Gen.Int[1, 3], Gen.OneOf(Sizes), Gen.OneOf(Prefixes), Gen.Int[0, 1 << 20]).Sample(
            (beams, shared, groups, size, prefix, seed) => Compare(paged, withBias, beams, shared, groups, size, prefix, seed), iter: 6, threads: 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_beam_attends_to_the_source_of_its_sentence(bool paged) =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 2], Gen.OneOf(Sizes), Gen.Int[0, 1 << 20]).Sample(
            (beams, shared, groups, size, seed) => CompareSources(paged, beams, shared, groups, size, seed), iter: 6, threads: 1);

    [Fact]
    public void What_else_runs_changes_no_bit()
    {
        float[] alone = Run(1), together = Run(7);
        Assert.Equal(alone, together[..alone.Length]);

        static float[] Run(int sentences)
        {
            using var scope = NewDisposeScope();
            using var cache = BeamCache.Create(1, 2, 64, 4, ScalarType.Float32, CPU);
            cache.Enter([.. Enumerable.Range(30, sentences)]);
            Tensor[] prompts = [.. Enumerable.Range(0, 3).Select(i => cat([.. Enumerable.Range(0, sentences).Select(s => Normal((100 * i) + s, 1, i == 0 ? 4 : 2, 30 + s, 64))], 2))];
            cache.Attend(0, prompts[0], prompts[1], prompts[2]);
            cache.Advance(new int[sentences * 4]);
            Tensor[] tokens = [.. Enumerable.Range(5, 3).Select(i => cat([.. Enumerable.Range(0, sentences).Select(s => Normal((100 * i) + s, 4, i == 5 ? 4 : 2, 1, 64))], 0))];
            return cache.Attend(0, tokens[0], tokens[1], tokens[2]).data<float>().ToArray();
        }
    }

    [Fact]
    public void A_prompt_is_kept_once_and_pages_are_used_again()
    {
        using var scope = NewDisposeScope();
        using var cache = new PagedBeamCache(1, 2, 16, 8);
        cache.Enter([32, 33]);
        var prompts = cache.Bytes;
        Assert.Equal((2 + 3) * 2 * 2 * 16 * 16 * sizeof(float), prompts);
        cache.Advance(new int[16]);
        Assert.Equal(prompts, cache.PromptBytes);
        Assert.Equal((2 + 3 + 16) * 2 * 2 * 16 * 16 * sizeof(float), cache.Bytes);
        cache.Leave([]);
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void Prompts_stay_where_they_are_while_beams_are_chosen_and_sentences_leave()
    {
        using var scope = NewDisposeScope();
        using var cache = new TensorBeamCache(1, 4);
        Enter(20, 20, 20, 20, 20, 20, 20, 20);
        for (var step = 0; step < 40; step++)
        {
            Step(8);
        }

        Assert.Equal(0, cache.PromptCopies);
        cache.Leave([0, 2, 3, 5, 6, 7]);
        Step(6);
        Enter(15, 15, 15);
        Step(9);
        Assert.Equal(0, cache.PromptCopies);
        cache.Leave([1, 2, 3]);
        Assert.Equal(1, cache.PromptCopies);
        Step(3);
        cache.Leave([]);
        Assert.Equal(0, cache.Bytes);

        void Enter(params int[] lengths)
        {
            cache.Enter(lengths);
            cache.Attend(0, ones(1, 2, lengths.Sum(), 8), ones(1, 2, lengths.Sum(), 8), ones(1, 2, lengths.Sum(), 8));
        }

        void Step(int sentences)
        {
            cache.Advance(new int[sentences * 4]);
            cache.Attend(0, ones(sentences * 4, 2, 1, 8), ones(sentences * 4, 2, 1, 8), ones(sentences * 4, 2, 1, 8));
        }
    }

    private static void Compare(bool paged, bool withBias, int beams, int shared, int groups, int size, int prefix, int seed)
    {
        using var scope = NewDisposeScope();
        var random = new RandomStream(seed, "beams");
        var heads = shared * groups;
        var bias = withBias ? new DistanceBias(Normal(seed, 8, heads), 20, bidirectional: false) : null;
        var table = bias?.ByDistance(200).data<float>().ToArray();
        using BeamCache cache = paged ? new PagedBeamCache(1, shared, size, beams) : new TensorBeamCache(1, beams);
        PlainBeams[] plain = [.. Enumerable.Range(0, shared).Select(_ => new PlainBeams())];
        PlainBeams.Seen[] common = [.. plain.Select(_ => new PlainBeams.Seen([], []))];
        if (prefix > 0)
        {
            cache.ReadPrefix();
            var (k, v) = (Normal(seed + 1, 1, shared, prefix, size), Normal(seed + 2, 1, shared, prefix, size));
            cache.Attend(0, Normal(seed, 1, heads, prefix, size), k, v, bias);
            AppendAll(common, k[0], v[0], 0, prefix);
        }

        for (var step = 0; step < 30; step++)
        {
            if (step == 0 || random.Next(6) == 0)
            {
                int[] lengths = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => 1 + random.Next(35))];
                Enter(lengths, step);
            }

            var count = plain[0].Sentences.Count;
            if (random.Next(5) == 0)
            {
                int[] kept = [.. Enumerable.Range(0, count).Where(_ => random.Next(3) > 0)];
                cache.Leave(kept);
                foreach (var head in plain)
                {
                    var stay = kept.Select(place => head.Sentences[place]).ToList();
                    head.Sentences.Clear();
                    head.Sentences.AddRange(stay);
                }

                count = kept.Length;
            }

            if (count > 0)
            {
                Step(count, step);
            }
        }

        void Enter(int[] lengths, int step)
        {
            var total = lengths.Sum();
            var (q, k, v) = (Normal(seed + step, 1, heads, total, size), Normal(seed + step + 1000, 1, shared, total, size), Normal(seed + step + 2000, 1, shared, total, size));
            cache.Enter(lengths);
            var mixed = cache.Attend(0, q, k, v, bias);
            var start = 0;
            foreach (var length in lengths)
            {
                PlainBeams.Seen[] seen = [.. common.Select(one => one.Copy())];
                for (var i = 0; i < length; i++)
                {
                    AppendAll(seen, k[0], v[0], start + i, 1);
                    for (var head = 0; head < heads; head++)
                    {
                        Near(PlainBeams.Mix(Row(q[0, head, start + i]), seen[head / groups], Bias(head)), Row(mixed[0, head, start + i]));
                    }
                }

                for (var head = 0; head < shared; head++)
                {
                    plain[head].Sentences.Add([.. Enumerable.Range(0, beams).Select(_ => seen[head].Copy())]);
                }

                start += length;
            }
        }

        void Step(int count, int step)
        {
            int[] parents = [.. Enumerable.Range(0, count * beams).Select(_ => random.Next(beams))];
            var rows = count * beams;
            var (q, k, v) = (Normal(seed + step + 3000, rows, heads, 1, size), Normal(seed + step + 4000, rows, shared, 1, size), Normal(seed + step + 5000, rows, shared, 1, size));
            cache.Advance(parents);
            var mixed = cache.Attend(0, q, k, v, bias);
            for (var sentence = 0; sentence < count; sentence++)
            {
                for (var head = 0; head < shared; head++)
                {
                    var before = plain[head].Sentences[sentence];
                    plain[head].Sentences[sentence] = [.. Enumerable.Range(0, beams).Select(beam => before[parents[(sentence * beams) + beam]].Copy())];
                    for (var beam = 0; beam < beams; beam++)
                    {
                        var (row, seen) = ((sentence * beams) + beam, plain[head].Sentences[sentence][beam]);
                        seen.Keys.Add(Row(k[row, head, 0]));
                        seen.Values.Add(Row(v[row, head, 0]));
                        for (var group = 0; group < groups; group++)
                        {
                            var query = (head * groups) + group;
                            Near(PlainBeams.Mix(Row(q[row, query, 0]), seen, Bias(query)), Row(mixed[row, query, 0]));
                        }
                    }
                }
            }
        }

        Func<int, float> Bias(int head) => distance => table is null ? 0 : table[(head * 200) + distance];
    }

    private static void CompareSources(bool paged, int beams, int shared, int groups, int size, int seed)
    {
        using var scope = NewDisposeScope();
        var heads = shared * groups;
        using BeamCache cache = paged ? new PagedBeamCache(1, 1, 8, beams) : new TensorBeamCache(1, beams);
        var sources = new List<(Tensor Keys, Tensor Values)>();
        Enter([1, 3], [5, 40]);
        Step();
        Enter([2], [17]);
        cache.Leave([0, 2]);
        sources.RemoveAt(1);
        Step();

        void Enter(int[] lengths, int[] sourceLengths)
        {
            var entered = sourceLengths.Select((length, i) => (Normal(seed + length, shared, length, size), Normal(seed - length, shared, length, size))).ToList();
            sources.AddRange(entered);
            cache.Enter(lengths, [.. entered.Select(pair => new EncodedSource([pair.Item1.alias()], [pair.Item2.alias()]))]);
            var total = lengths.Sum();
            cache.Attend(0, Normal(1, 1, 1, total, 8), Normal(2, 1, 1, total, 8), Normal(3, 1, 1, total, 8));
            var q = Normal(seed + 7, 1, heads, total, size);
            var mixed = cache.AttendAcross(0, q);
            var token = 0;
            for (var i = 0; i < lengths.Length; i++)
            {
                for (var end = token + lengths[i]; token < end; token++)
                {
                    Check(q[0].select(1, token), mixed[0].select(1, token), entered[i]);
                }
            }
        }

        void Step()
        {
            var rows = sources.Count * beams;
            cache.Advance(new int[rows]);
            cache.Attend(0, Normal(1, rows, 1, 1, 8), Normal(2, rows, 1, 1, 8), Normal(3, rows, 1, 1, 8));
            var q = Normal(seed + 8, rows, heads, 1, size);
            var mixed = cache.AttendAcross(0, q);
            for (var row = 0; row < rows; row++)
            {
                Check(q[row].select(1, 0), mixed[row].select(1, 0), sources[row / beams]);
            }
        }

        void Check(Tensor q, Tensor mixed, (Tensor Keys, Tensor Values) source)
        {
            for (var head = 0; head < heads; head++)
            {
                var seen = new PlainBeams.Seen([], []);
                AppendAll([seen], source.Keys.narrow(0, head / groups, 1), source.Values.narrow(0, head / groups, 1), 0, (int)source.Keys.shape[1]);
                Near(PlainBeams.Mix(Row(q[head]), seen, _ => 0), Row(mixed[head]));
            }
        }
    }

    private static void AppendAll(PlainBeams.Seen[] seen, Tensor keys, Tensor values, int first, int count)
    {
        for (var head = 0; head < seen.Length; head++)
        {
            for (var i = first; i < first + count; i++)
            {
                seen[head].Keys.Add(Row(keys[head, i]));
                seen[head].Values.Add(Row(values[head, i]));
            }
        }
    }

    private static float[] Row(Tensor tensor) => tensor.data<float>().ToArray();

    private static void Near(float[] expected, float[] found)
    {
        var difference = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(difference, 0, 2e-5f);
    }

    private static Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)(seed + 100_000));
        return randn(shape, generator: generator);
    }
}
