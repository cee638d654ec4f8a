using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Foundation;

public class DeterministicRandomTests
{
    [Fact]
    public void Gives_the_sequence_of_SplitMix64()
    {
        // The first outputs of the reference implementation (Vigna, splitmix64.c) from state 0, the state of an empty key.
        var random = default(DeterministicRandom);
        Assert.Equal([0xe220a8397b1dcdafUL, 0x6e789e6aa1b965f4UL, 0x06c45d188009454fUL],
            [random.NextBits(), random.NextBits(), random.NextBits()]);
    }

    [Fact]
    public void Gives_the_same_sequence_for_the_same_key()
    {
        var first = new DeterministicRandom(1, 2, 3);
        var second = new DeterministicRandom(1, 2, 3);
        for (int i = 0; i < 100; i++) Assert.Equal(first.NextBits(), second.NextBits());
    }

    [Fact]
    public void Gives_different_sequences_for_different_keys()
    {
        var firsts = from a in Enumerable.Range(-10, 20)
                     from b in Enumerable.Range(-10, 20)
                     from c in Enumerable.Range(-1, 3)
                     select new DeterministicRandom(a, b, c).NextBits();
        Assert.Equal(1200, firsts.Distinct().Count());
    }

    [Fact]
    public void Spreads_evenly_over_its_range()
    {
        var random = new DeterministicRandom(5);
        int[] whole = new int[7], parts = new int[10];
        for (int i = 0; i < 70_000; i++)
        {
            whole[random.NextInt(7)]++;
            double part = random.NextDouble();
            Assert.InRange(part, 0, 1 - 1e-17);
            parts[(int)(part * 10)]++;
            Assert.InRange(random.NextDouble(-3, -1), -3, -1);
        }

        Assert.All(whole, n => Assert.InRange(n, 9_500, 10_500));
        Assert.All(parts, n => Assert.InRange(n, 6_600, 7_400));
        Assert.Equal(0, random.NextInt(1));
    }

    [Fact]
    public void Shuffles_into_every_order_about_equally_often()
    {
        var counts = new Dictionary<string, int>();
        for (int key = 0; key < 6000; key++)
        {
            char[] items = ['a', 'b', 'c'];
            new DeterministicRandom(key).Shuffle<char>(items);
            string order = new(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, n => Assert.InRange(n, 880, 1120));
    }
}
