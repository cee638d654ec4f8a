using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>
/// Effects of the camera: defocus, motion blur, exposure, colour cast, sensor noise. Every blur is symmetric, so the window stays
/// where the mask shows it.
/// </summary>
internal sealed class CameraEffects(SampleScene scene, SampleRandom random)
{
    private static readonly SKSamplingOptions Nearest = new(SKFilterMode.Nearest);

    /// <summary>Returns a copy with defocus and, sometimes, motion blur.</summary>
    public SKBitmap Blur(SKBitmap sharp)
    {
        SKBitmap image = Defocus(sharp, scene.Unit * BlurSigma());
        if (!random.Chance(0.18)) return image;
        using (image) return MotionBlur(image);
    }

    /// <summary>Applies uneven light, exposure, colour cast and noise, in place. Noise is stronger in weak light at high gain.</summary>
    public unsafe void Expose(SKBitmap image)
    {
        var light = new LightField(scene, random.Split());
        float exposure = random.Between(0.7f, 1.3f), lift = random.Between(0, 14), contrast = random.Between(0.88f, 1.1f);
        (float red, float green, float blue) = ColorCast();
        float grain = random.Between(1.2f, 4.5f) + (random.Chance(0.25) ? random.Between(2, 7) : 0);
        byte[] reds = ToneCurve(exposure * red, contrast, lift);
        byte[] greens = ToneCurve(exposure * green, contrast, lift);
        byte[] blues = ToneCurve(exposure * blue, contrast, lift);
        int strength = (int)(grain * 256 / 147.8f), color = (int)(grain * 0.5f * 256 / 104.5f);
        int width = image.Width, stride = image.RowBytes;
        var factors = new int[width];
        byte* row = (byte*)image.GetPixels();
        for (int y = 0; y < image.Height; y++, row += stride)
        {
            byte* pixel = row;
            light.Row(y, factors);
            for (int x = 0; x < width; x++, pixel += 4)
            {
                int factor = factors[x];
                // The sum of four random bytes gives near-Gaussian lightness noise; two and two more give the colour noise.
                ulong bits = random.Bits();
                int grey = (int)(bits & 255) + (int)((bits >> 8) & 255) + (int)((bits >> 16) & 255) + (int)((bits >> 24) & 255) - 510;
                int warm = (int)((bits >> 32) & 255) + (int)((bits >> 40) & 255) - 255;
                int cold = (int)((bits >> 48) & 255) + (int)((bits >> 56) & 255) - 255;
                pixel[0] = Clip(reds[pixel[0] * factor >> 8] + ((grey * strength + warm * color) >> 8));
                pixel[1] = Clip(greens[pixel[1] * factor >> 8] + ((grey * strength - ((warm + cold) * color >> 1)) >> 8));
                pixel[2] = Clip(blues[pixel[2] * factor >> 8] + ((grey * strength + cold * color) >> 8));
            }
        }
    }

    private float BlurSigma()
    {
        float kind = random.Fraction();
        if (kind < 0.5f) return random.Between(0.35f, 0.8f);
        return kind < 0.88f ? random.Between(0.7f, 1.6f) : random.Between(1.6f, 2.8f);
    }

    private static SKBitmap Defocus(SKBitmap sharp, float sigma)
    {
        var blurred = new SKBitmap(sharp.Info);
        using var canvas = new SKCanvas(blurred);
        using SKImageFilter filter = SKImageFilter.CreateBlur(sigma, sigma, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { ImageFilter = filter };
        using SKImage image = WrapPixels(sharp);
        canvas.DrawImage(image, 0, 0, Nearest, paint);
        return blurred;
    }

    // The mean of copies moved by whole pixels, equally many to either side.
    private SKBitmap MotionBlur(SKBitmap bitmap)
    {
        (float sin, float cos) = MathF.SinCos(random.Between(0, MathF.PI));
        float half = scene.Unit * random.Between(1.5f, 4.5f);
        int steps = Math.Max(1, (int)MathF.Round(half));
        var moved = new SKBitmap(bitmap.Info);
        using var canvas = new SKCanvas(moved);
        using SKImage image = WrapPixels(bitmap);
        canvas.DrawImage(image, 0, 0, Nearest);
        int copies = 1;
        for (int i = 1; i <= steps; i++)
        {
            float far = half * i / steps;
            int dx = (int)MathF.Round(far * cos), dy = (int)MathF.Round(far * sin);
            Add(dx, dy);
            Add(-dx, -dy);
        }
        return moved;

        void Add(int dx, int dy)
        {
            using var paint = new SKPaint { Color = SKColors.White.Alpha(1f / ++copies) };
            canvas.DrawImage(image, dx, dy, Nearest, paint);
        }
    }

    private static SKImage WrapPixels(SKBitmap bitmap) => SKImage.FromPixels(bitmap.Info, bitmap.GetPixels(), bitmap.RowBytes);

    private (float Red, float Green, float Blue) ColorCast()
    {
        float strength = random.Between(0, 1);
        (float red, float green, float blue) = random.Pick<(float, float, float)>(
        [
            (1.08f, 0.94f, 0.72f), (1.05f, 0.97f, 0.86f), (0.86f, 0.98f, 1.12f), (0.88f, 1.04f, 0.9f),
            (1, 1, 1), (1, 1, 1), (1.08f, 0.92f, 0.9f),
        ]);
        return (1 + (red - 1) * strength, 1 + (green - 1) * strength, 1 + (blue - 1) * strength);
    }

    private static byte[] ToneCurve(float gain, float contrast, float lift)
    {
        var curve = new byte[256];
        for (int i = 0; i < curve.Length; i++)
        {
            curve[i] = Clip((int)(lift + (255 - lift) / 255 * (gain * 110 * MathF.Pow(i / 110f, contrast)) + 0.5f));
        }

        return curve;
    }

    private static byte Clip(int value) => (byte)Math.Clamp(value, 0, 255);
}
