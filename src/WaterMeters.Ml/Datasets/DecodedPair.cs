using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets;

/// <summary>A decoded photo and its mask, whose files have the same size in pixels.</summary>
internal sealed class DecodedPair : IDisposable
{
    private DecodedPair(Raster photo, Raster mask) => (Photo, Mask) = (photo, mask);

    /// <summary>The photo, upright, four channels; a very large one at half the size of its mask.</summary>
    public Raster Photo { get; }

    /// <summary>The mask, upright, one channel.</summary>
    public Raster Mask { get; }

    /// <summary>Decodes a pair.</summary>
    /// <exception cref="PhotoException">A file cannot be read, or the sizes differ.</exception>
    public static DecodedPair Read(SamplePair pair)
    {
        var decoded = ImageReader.DecodePhoto(pair.ImagePath, findsFlaws: false);
        var photo = decoded.Header;
        Raster? mask = null;
        try
        {
            mask = ImageReader.ReadMask(pair.MaskPath);
            if (photo.Width == mask.Width && photo.Height == mask.Height) return new DecodedPair(decoded.Image, mask);
            throw new PhotoException(
                pair.MaskPath,
                $"The mask '{pair.MaskPath}' is {mask.Width}x{mask.Height}, but its photo is {photo.Width}x{photo.Height}. "
                    + "Correct the mask or remove the pair; Test-WmsDataset lists all such pairs.");
        }
        catch
        {
            decoded.Dispose();
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
