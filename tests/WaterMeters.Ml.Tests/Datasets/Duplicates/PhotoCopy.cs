using SkiaSharp;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Datasets.Duplicates;

/// <summary>Copies of a picture, as people and programs make them: JPEG files.</summary>
internal static class PhotoCopy
{
    private static readonly SKSamplingOptions Nearest = new(SKFilterMode.Nearest), Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    public static byte[] SavedAgain(string path, int quality)
    {
        using var picture = Read(path);
        return Jpeg(picture, quality);
    }

    public static byte[] Scaled(string path, float factor)
    {
        using var picture = Read(path);
        using var scaled = picture.Resize(picture.Info.WithSize((int)(picture.Width * factor), (int)(picture.Height * factor)), Smooth);
        return Jpeg(scaled);
    }

    public static unsafe byte[] Brightened(string path, float factor)
    {
        using var picture = Read(path);
        var values = new Span<byte>((void*)picture.GetPixels(), picture.ByteCount);
        for (int i = 0; i < values.Length; i++)
        {
            if (i % 4 != 3) values[i] = (byte)Math.Min(255, values[i] * factor);
        }

        return Jpeg(picture);
    }

    /// <summary>A part of the picture; right and down say where it lies, 0 at one edge and 1 at the other.</summary>
    public static byte[] Cropped(string path, float part, float right, float down)
    {
        using var picture = Read(path);
        int width = (int)(picture.Width * part), height = (int)(picture.Height * part);
        using var cropped = new SKBitmap(picture.Info.WithSize(width, height));
        using (var canvas = new SKCanvas(cropped)) canvas.DrawBitmap(picture, -(int)((picture.Width - width) * right), -(int)((picture.Height - height) * down), Nearest);
        return Jpeg(cropped);
    }

    /// <summary>Turned clockwise by quarters.</summary>
    public static byte[] Turned(string path, int quarters)
    {
        using var picture = Read(path);
        using var turned = new SKBitmap(picture.Info.WithSize(quarters % 2 == 0 ? picture.Width : picture.Height, quarters % 2 == 0 ? picture.Height : picture.Width));
        using (var canvas = new SKCanvas(turned))
        {
            canvas.Translate(turned.Width / 2f, turned.Height / 2f);
            canvas.RotateDegrees(90 * quarters);
            canvas.DrawBitmap(picture, -picture.Width / 2f, -picture.Height / 2f, Nearest);
        }

        return Jpeg(turned);
    }

    private static unsafe SKBitmap Read(string path)
    {
        using var photo = ImageReader.ReadPhoto(path);
        var picture = new SKBitmap(new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        photo.Pixels.CopyTo(new Span<byte>((void*)picture.GetPixels(), picture.ByteCount));
        return picture;
    }

    private static byte[] Jpeg(SKBitmap picture, int quality = 90)
    {
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
