using CsCheck;
using Llamax.Corpora.Loading;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Tests.Loading;

public sealed class KeyedPermutationTests
{
    [Fact]
    public void Every_number_stands_once() => Gen.Select(Gen.Int[1, 3000], Gen.Long).Sample((count, seed) =>
    {
        var order = new KeyedPermutation(count, new RandomStream(seed));
        Assert.Equal(Enumerable.Range(0, count), Enumerable.Range(0, count).Select(i => (int)order[i]).Order());
    });

    [Fact]
    public void Billions_need_no_memory_and_stay_in_range()
    {
        const long count = 1L << 40;
        var order = new KeyedPermutation(count - 3, new RandomStream(1));
        Assert.All(Enumerable.Range(0, 1000), i => Assert.InRange(order[i * 1_000_000_007L], 0, count - 4));
    }

    /// <summary>
    /// A shuffled order has no memory of the old one: the correlation of places and numbers is about 0 (standard error
    /// 1/√n = 0.01), a neighbour is as far as any other number (mean distance n/3), and about one number stays in place.
    /// </summary>
    [Fact]
    public void The_order_looks_shuffled()
    {
        const int count = 10_000;
        var order = new KeyedPermutation(count, new RandomStream(9));
        var numbers = Enumerable.Range(0, count).Select(i => (double)order[i]).ToArray();
        const double mean = (count - 1) / 2.0;
        var correlation = numbers.Select((x, i) => (x - mean) * (i - mean)).Sum() / numbers.Sum(x => (x - mean) * (x - mean));
        Assert.InRange(correlation, -0.05, 0.05);
        Assert.InRange(numbers.Zip(numbers.Skip(1), (a, b) => Math.Abs(a - b)).Average(), count * 0.32, count * 0.347);
        Assert.InRange(numbers.Where((x, i) => (int)x == i).Count(), 0, 8);
    }
}
