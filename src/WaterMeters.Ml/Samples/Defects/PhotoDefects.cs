using SkiaSharp;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>Makes photos with typical defects, from JPEG files to JPEG files.</summary>
internal static class PhotoDefects
{
    private const int Quality = 90;

    // All drawing here maps whole pixels to whole pixels.
    private static readonly SKSamplingOptions Nearest = new(SKFilterMode.Nearest);

    /// <summary>Returns the photo saved again in another quality.</summary>
    public static byte[] SavedAgain(byte[] jpeg, int quality)
    {
        using var image = Decode(jpeg);
        return Encode(image, quality);
    }

    /// <summary>Returns the photo with every value v replaced by <paramref name="offset"/> + <paramref name="gain"/> v.</summary>
    public static unsafe byte[] Toned(byte[] jpeg, float gain, float offset)
    {
        using var image = Decode(jpeg);
        var values = new Span<byte>((void*)image.GetPixels(), image.ByteCount);
        for (int i = 0; i < values.Length; i++)
        {
            if (i % 4 != 3) values[i] = (byte)Math.Clamp(offset + (gain * values[i]), 0, 255);
        }

        return Encode(image);
    }

    /// <summary>Returns the photo far out of focus.</summary>
    public static byte[] Blurred(byte[] jpeg)
    {
        using var image = Decode(jpeg);
        float sigma = Math.Max(image.Width, image.Height) / 40f;
        using var filter = SKImageFilter.CreateBlur(sigma, sigma, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { ImageFilter = filter };
        return Drawn(image, image.Width, image.Height, canvas => canvas.DrawBitmap(image, 0, 0, Nearest, paint));
    }

    /// <summary>Returns the photo rotated clockwise by 90 degrees.</summary>
    public static byte[] RotatedBy90(byte[] jpeg)
    {
        using var image = Decode(jpeg);
        return Drawn(image, image.Height, image.Width, canvas =>
        {
            canvas.Translate(image.Height, 0);
            canvas.RotateDegrees(90);
            canvas.DrawBitmap(image, 0, 0, Nearest);
        });
    }

    /// <summary>Returns a part of the photo.</summary>
    public static byte[] Cropped(byte[] jpeg, SKRectI part)
    {
        using var image = Decode(jpeg);
        return Drawn(image, part.Width, part.Height, canvas => canvas.DrawBitmap(image, -part.Left, -part.Top, Nearest));
    }

    /// <summary>Returns the photo extended to twice its length by its mirror image.</summary>
    public static byte[] Lengthened(byte[] jpeg)
    {
        using var image = Decode(jpeg);
        bool wide = image.Width > image.Height;
        return Drawn(image, wide ? 2 * image.Width : image.Width, wide ? image.Height : 2 * image.Height, canvas =>
        {
            canvas.DrawBitmap(image, 0, 0, Nearest);
            canvas.Scale(wide ? -1 : 1, wide ? 1 : -1);
            canvas.DrawBitmap(image, wide ? -2 * image.Width : 0, wide ? 0 : -2 * image.Height, Nearest);
        });
    }

    private static SKBitmap Decode(byte[] jpeg)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(jpeg));
        return SKBitmap.Decode(codec, new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Opaque))
            ?? throw new InvalidOperationException("Cannot decode the drawn photo.");
    }

    private static byte[] Drawn(SKBitmap like, int width, int height, Action<SKCanvas> draw)
    {
        using var result = new SKBitmap(like.Info.WithSize(width, height));
        using (var canvas = new SKCanvas(result)) draw(canvas);
        return Encode(result);
    }

    private static byte[] Encode(SKBitmap image, int quality = Quality)
    {
        using var pixels = image.PeekPixels();
        var options = new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        using var data = pixels.Encode(options) ?? throw new InvalidOperationException("Cannot encode the photo as JPEG.");
        return data.ToArray();
    }
}
