using SkiaSharp;

namespace WaterMeters.Ml.Imaging;

/// <summary>Decodes the pixels of a checked file with Skia, upright.</summary>
internal static class ImageDecoder
{
    private const int StripRows = 64; // four rows of the largest JPEG blocks

    /// <summary>Decodes a file for a use: a mask has one channel, everything else four.</summary>
    /// <exception cref="PhotoException">The file is truncated or damaged.</exception>
    public static unsafe Raster Decode(ImageFile file, ImageUse use)
    {
        var header = file.Header;
        var content = file.Decodable;
        fixed (byte* bytes = content)
        {
            using var data = SKData.Create((nint)bytes, content.Length);
            using var codec = SKCodec.Create(data) ?? throw ImageFile.Damaged(file.Name);
            var stored = codec.Info;
            if (stored.Width != header.StoredWidth || stored.Height != header.StoredHeight) throw ImageFile.Damaged(file.Name);

            // No colour space in the target: Skia converts no colours. Unpremultiplied alpha: it leaves R, G and B unchanged.
            bool grey = use == ImageUse.Mask && stored.ColorType == SKColorType.Gray8;
            var size = new SKSizeI(stored.Width, stored.Height);
            if (use == ImageUse.Network && header.IsReduced) size = codec.GetScaledDimensions(0.5f);
            var target = grey
                ? new SKImageInfo(size.Width, size.Height, SKColorType.Gray8, SKAlphaType.Opaque)
                : new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
            var image = DecodeInStrips(codec, target, header)
                ?? ExifOrientation.ToUpright(DecodeWhole(codec, target, file.Name), header.Orientation);
            if (use != ImageUse.Mask || grey) return image;
            using (image) return Luma(image);
        }
    }

    /// <summary>Returns Y = 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point; the weights sum to one, so grey values are kept.</summary>
    public static Raster Luma(Raster photo)
    {
        var mask = Raster.Rent(photo.Width, photo.Height, 1);
        var from = photo.Pixels;
        var to = mask.Pixels;
        for (int i = 0; i < to.Length; i++)
        {
            var pixel = from.Slice(i * 4, 4);
            to[i] = (byte)(((pixel[0] * 19595) + (pixel[1] * 38470) + (pixel[2] * 7471) + 32768) >> 16);
        }

        return mask;
    }

    private static unsafe Raster DecodeWhole(SKCodec codec, SKImageInfo target, string name)
    {
        var raster = Raster.Rent(target.Width, target.Height, target.BytesPerPixel);
        try
        {
            SKCodecResult result;
            fixed (byte* pixels = raster.Pixels) result = codec.GetPixels(target, (nint)pixels);
            return result switch
            {
                SKCodecResult.Success => raster,
                SKCodecResult.IncompleteInput => throw ImageFile.Truncated(name),
                _ => throw ImageFile.Damaged(name),
            };
        }
        catch
        {
            raster.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Decodes a rotated photo strip by strip, so that a second whole copy is never in memory. Returns null when the photo is not
    /// rotated or strips are not available: for PNG and WebP, and for a damaged file, which decoding as a whole then reports.
    /// </summary>
    private static unsafe Raster? DecodeInStrips(SKCodec codec, SKImageInfo target, PhotoHeader header)
    {
        if (header.Orientation == 1 || header.Format != ImageFormat.Jpeg) return null;
        if (codec.StartScanlineDecode(target) != SKCodecResult.Success) return null;

        bool isTurned = header.Orientation >= 5;
        using var strip = Raster.Rent(target.Width, Math.Min(StripRows, target.Height), target.BytesPerPixel);
        var upright = Raster.Rent(
            isTurned ? target.Height : target.Width, isTurned ? target.Width : target.Height, target.BytesPerPixel);
        for (int row = 0; row < target.Height; row += strip.Height)
        {
            int rows = Math.Min(strip.Height, target.Height - row), done;
            fixed (byte* pixels = strip.Pixels) done = codec.GetScanlines((nint)pixels, rows, target.RowBytes);
            if (done < rows)
            {
                upright.Dispose();
                return null;
            }

            ExifOrientation.CopyUpright(strip, row, rows, target.Height, upright, header.Orientation);
        }

        return upright;
    }
}
