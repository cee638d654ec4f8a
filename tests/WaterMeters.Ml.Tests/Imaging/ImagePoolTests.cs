using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

public class ImagePoolTests
{
    private const long Granule = 64 << 10;

    [Fact]
    public void Reuses_a_returned_block_for_a_request_of_similar_size()
    {
        var pool = new ImagePool(64 * Granule);
        var small = pool.Rent(3 * Granule);
        var large = pool.Rent((5 * Granule) - 17);
        Assert.Equal((3 * Granule, 5 * Granule, 8 * Granule), (small.Bytes, large.Bytes, pool.RentedBytes));
        pool.Return(large);
        pool.Return(small);
        Assert.Equal((0L, 8 * Granule), (pool.RentedBytes, pool.KeptBytes));

        Assert.Equal(small, pool.Rent(2 * Granule));
        Assert.Equal(large, pool.Rent((3 * Granule) + 1));
        Assert.Equal(0, pool.KeptBytes);
        pool.Return(large);
        var tiny = pool.Rent(1);
        Assert.NotEqual(large.Address, tiny.Address);
        Assert.Equal(Granule, tiny.Bytes);
        pool.Return(tiny);
        pool.Return(small);
        pool.Trim();
        Assert.Equal((0L, 0L), (pool.RentedBytes, pool.KeptBytes));
    }

    [Fact]
    public void Keeps_at_most_its_limit_and_frees_the_least_recently_used_block_first()
    {
        var pool = new ImagePool(10 * Granule);
        var blocks = Enumerable.Range(0, 4).Select(_ => pool.Rent(3 * Granule)).ToArray();
        foreach (var block in blocks) pool.Return(block);

        Assert.Equal((0L, 9 * Granule), (pool.RentedBytes, pool.KeptBytes));
        var again = Enumerable.Range(0, 3).Select(_ => pool.Rent(3 * Granule)).ToArray();
        Assert.Equal(blocks[1..].Select(b => b.Address).Order(), again.Select(b => b.Address).Order());
        foreach (var block in again) pool.Return(block);
        pool.Trim();
    }

    [Fact]
    public void Does_not_keep_a_huge_block_and_frees_other_blocks_before_allocating_it()
    {
        var pool = new ImagePool(10 * Granule);
        pool.Return(pool.Rent(4 * Granule));
        Assert.Equal(4 * Granule, pool.KeptBytes);

        var huge = pool.Rent(6 * Granule);
        Assert.Equal(0, pool.KeptBytes);
        pool.Return(huge);

        Assert.Equal((0L, 0L), (pool.RentedBytes, pool.KeptBytes));
    }

    [Fact]
    public void Never_gives_one_block_to_two_threads()
    {
        var pool = new ImagePool(20 * Granule);
        int clashes = 0;
        Parallel.For(0, 2000, i =>
        {
            var block = pool.Rent((1 + (i % 5)) * Granule);
            unsafe
            {
                var bytes = new Span<int>((void*)block.Address, 1000);
                bytes.Fill(i);
                if (bytes.ContainsAnyExcept(i)) Interlocked.Increment(ref clashes);
            }

            pool.Return(block);
        });

        Assert.Equal(0, clashes);
        Assert.Equal(0, pool.RentedBytes);
        Assert.InRange(pool.KeptBytes, Granule, 20 * Granule);
        pool.Trim();
    }
}
