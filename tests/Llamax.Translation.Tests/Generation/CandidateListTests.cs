using CsCheck;
using Llamax.Translation.Generation;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Generation;

public class CandidateListTests
{
    [Fact]
    public void Reading_raw_memory_finds_what_tensor_operations_find() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[24, 700], Gen.Int[0, 1000]).Sample(
            (sentences, beams, vocabulary, seed) => CompareBoth(sentences, beams, vocabulary, seed), iter: 60);

    [Fact]
    public void Large_batches_run_on_several_threads_with_the_same_result() => CompareBoth(16, 4, 2000, 1);

    [Fact]
    public void What_is_not_a_number_is_no_candidate()
    {
        var list = new CandidateList(4);
        using var logits = tensor(new[] { float.NaN, 1, 2, 3, float.NegativeInfinity, 0 }, [1, 6]);
        list.Fill(logits, [0f], 1);
        Assert.Equal(0, list.Count(0));
        using var some = tensor(new[] { float.NegativeInfinity, 1, 2, 3, float.NegativeInfinity, float.NegativeInfinity }, [1, 6]);
        list.Fill(some, [0f], 1);
        Assert.Equal(3, list.Count(0));
        Assert.Equal([3, 2, 1], list.Tokens[..3]);
    }

    private static void CompareBoth(int sentences, int beams, int vocabulary, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var logits = randn([sentences * beams, vocabulary], generator: generator) * 5;
        var sums = randn([sentences * beams], generator: generator).data<float>().ToArray();
        var (fast, plain) = (new CandidateList(8), new CandidateList(8));
        fast.Fill(logits, sums, sentences);
        plain.FillByTensors(logits, sums, sentences);
        Assert.Equal(plain.Tokens, fast.Tokens);
        Assert.Equal(plain.Beams, fast.Beams);
        Assert.All(plain.Scores.Zip(fast.Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(Enumerable.Range(0, sentences), sentence => Assert.Equal(8, fast.Count(sentence)));
    }
}
