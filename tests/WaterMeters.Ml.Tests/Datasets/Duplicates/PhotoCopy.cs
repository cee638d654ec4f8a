using SkiaSharp;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Datasets.Duplicates;

/// <summary>Typical copies of an image, as JPEG files.</summary>
internal static class PhotoCopy
{
    private static readonly SKSamplingOptions Nearest = new(SKFilterMode.Nearest), Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    public static byte[] SavedAgain(string path, int quality)
    {
        using var image = Read(path);
        return Jpeg(image, quality);
    }

    public static byte[] Scaled(string path, float factor)
    {
        using var image = Read(path);
        using var scaled = image.Resize(image.Info.WithSize((int)(image.Width * factor), (int)(image.Height * factor)), Smooth);
        return Jpeg(scaled);
    }

    public static unsafe byte[] Brightened(string path, float factor)
    {
        using var image = Read(path);
        var values = new Span<byte>((void*)image.GetPixels(), image.ByteCount);
        for (int i = 0; i < values.Length; i++)
        {
            if (i % 4 != 3) values[i] = (byte)Math.Min(255, values[i] * factor);
        }

        return Jpeg(image);
    }

    /// <summary>Returns a part of the image; right and down are its position, 0 at one edge and 1 at the other.</summary>
    public static byte[] Cropped(string path, float part, float right, float down)
    {
        using var image = Read(path);
        int width = (int)(image.Width * part), height = (int)(image.Height * part);
        using var cropped = new SKBitmap(image.Info.WithSize(width, height));
        int left = (int)((image.Width - width) * right), top = (int)((image.Height - height) * down);
        using (var canvas = new SKCanvas(cropped)) canvas.DrawBitmap(image, -left, -top, Nearest);
        return Jpeg(cropped);
    }

    /// <summary>Rotates the image clockwise by quarter turns.</summary>
    public static byte[] Turned(string path, int quarters)
    {
        using var image = Read(path);
        var (width, height) = quarters % 2 == 0 ? (image.Width, image.Height) : (image.Height, image.Width);
        using var turned = new SKBitmap(image.Info.WithSize(width, height));
        using (var canvas = new SKCanvas(turned))
        {
            canvas.Translate(turned.Width / 2f, turned.Height / 2f);
            canvas.RotateDegrees(90 * quarters);
            canvas.DrawBitmap(image, -image.Width / 2f, -image.Height / 2f, Nearest);
        }

        return Jpeg(turned);
    }

    private static unsafe SKBitmap Read(string path)
    {
        using var photo = ImageReader.ReadPhoto(path);
        var image = new SKBitmap(new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        photo.Pixels.CopyTo(new Span<byte>((void*)image.GetPixels(), image.ByteCount));
        return image;
    }

    private static byte[] Jpeg(SKBitmap image, int quality = 90)
    {
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
