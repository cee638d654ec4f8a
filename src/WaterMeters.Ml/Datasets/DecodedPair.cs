using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets;

/// <summary>A photo and its mask, decoded and of one size.</summary>
internal sealed class DecodedPair : IDisposable
{
    private DecodedPair(Raster photo, Raster mask) => (Photo, Mask) = (photo, mask);

    /// <summary>The photo, upright, four channels.</summary>
    public Raster Photo { get; }

    /// <summary>The mask, upright, one channel.</summary>
    public Raster Mask { get; }

    /// <summary>Decodes a pair.</summary>
    /// <exception cref="PhotoException">One of the files cannot be read, or their sizes differ.</exception>
    public static DecodedPair Read(SamplePair pair)
    {
        var photo = ImageReader.ReadPhoto(pair.ImagePath);
        Raster? mask = null;
        try
        {
            mask = ImageReader.ReadMask(pair.MaskPath);
            if (photo.Width == mask.Width && photo.Height == mask.Height) return new DecodedPair(photo, mask);
            throw new PhotoException(pair.MaskPath, $"The mask '{pair.MaskPath}' is {mask.Width}x{mask.Height}, its photo {photo.Width}x{photo.Height}. Mend it or take the pair out; Test-WmsDataset lists all such pairs.");
        }
        catch
        {
            photo.Dispose();
            mask?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Photo.Dispose();
        Mask.Dispose();
    }
}
