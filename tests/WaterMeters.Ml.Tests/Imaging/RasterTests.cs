using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Imaging;

public class RasterTests
{
    [Fact]
    public void Has_exactly_its_pixels_and_returns_them_to_the_pool_once()
    {
        var raster = Raster.Rent(7, 5, 4);
        Assert.Equal(140, raster.Pixels.Length);
        Assert.Equal(140, raster.Bytes);

        raster.Dispose();
        raster.Dispose();

        Assert.Throws<ObjectDisposedException>(() => raster.Pixels.Length);
        using var one = Raster.Rent(7, 5, 4);
        using var two = Raster.Rent(7, 5, 4);
        one.Pixels.Fill(1);
        two.Pixels.Fill(2);
        Assert.All(one.Pixels.ToArray(), v => Assert.Equal(1, v));
    }

    [Fact]
    public void Rejects_invalid_sizes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Raster.Rent(0, 5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Raster.Rent(5, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Raster.Rent(5, 5, 3));
        Assert.Throws<OverflowException>(() => Raster.Rent(40_000, 40_000, 4));
    }
}
