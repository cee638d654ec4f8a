using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>
/// A seamless square of cloud noise, made once per photo and laid over every surface at different scales and angles. It works on the
/// pixels directly: Skia's blending of a repeated image takes five times as long on a CPU.
/// </summary>
internal sealed class NoiseTile
{
    private const int Bits = 8, Side = 1 << Bits, Mask = Side - 1;
    private readonly byte[] clouds = new byte[Side * Side];
    private readonly SKBitmap image;

    public NoiseTile(SampleRandom random, SKBitmap image)
    {
        this.image = image;
        float[] values = Clouds(random);
        for (int i = 0; i < values.Length; i++) clouds[i] = (byte)Math.Clamp(128 + 110 * values[i], 0, 255);
    }

    /// <summary>
    /// Makes a surface lighter and darker by up to <paramref name="strength"/>. <paramref name="scale"/> is the grain size in pixels,
    /// <paramref name="stretch"/> the ratio of its length to its width.
    /// </summary>
    public void Roughen(SampleRandom random, float scale, float strength, float stretch = 1, float degrees = 0, Disc? within = null)
    {
        var factors = new int[256];
        for (int i = 0; i < factors.Length; i++) factors[i] = (int)(256 * (1 + strength * (i - 128) / 128f));
        Sweep(random, scale, stretch, degrees, within, new Roughening(factors));
    }

    /// <summary>Adds irregular patches of a colour to a surface.</summary>
    public void Stain(SampleRandom random, float scale, SKColor color, float stretch = 1, float degrees = 0, Disc? within = null)
    {
        var parts = new int[256];
        for (int i = 0; i < parts.Length; i++) parts[i] = (int)(color.Alpha * Math.Clamp(3.8f * (i - 161) / 255f, 0, 1) * 256 / 255);
        Sweep(random, scale, stretch, degrees, within, new Staining(parts, color));
    }

    // Walks through the image with fixed-point steps in the tile; samples are interpolated.
    private unsafe void Sweep<TPixel>(SampleRandom random, float scale, float stretch, float degrees, Disc? within, TPixel pixel)
        where TPixel : struct, IPixelEffect
    {
        (float sin, float cos) = MathF.SinCos(degrees * MathF.PI / 180);
        int alongX = Fixed(cos / (scale * stretch)), alongY = Fixed(sin / (scale * stretch));
        int acrossX = Fixed(-sin / scale), acrossY = Fixed(cos / scale);
        uint startU = (uint)random.Bits(), startV = (uint)random.Bits();
        byte* first = (byte*)image.GetPixels();
        for (int y = 0; y < image.Height; y++)
        {
            (int from, int to) = within is { } disc ? disc.Span(y, image.Width) : (0, image.Width);
            uint u = startU + (uint)(y * alongY + from * alongX), v = startV + (uint)(y * acrossY + from * acrossX);
            byte* at = first + (long)y * image.RowBytes + from * 4;
            for (int x = from; x < to; x++, at += 4, u += (uint)alongX, v += (uint)acrossX) pixel.Apply(at, Sample(u, v));
        }
    }

    private int Sample(uint u, uint v)
    {
        int x = (int)(u >> 16) & Mask, y = (int)(v >> 16) & Mask, right = (x + 1) & Mask, below = ((y + 1) & Mask) << Bits;
        int partX = (int)(u >> 8) & 255, partY = (int)(v >> 8) & 255;
        y <<= Bits;
        int upper = (clouds[y + x] << 8) + (clouds[y + right] - clouds[y + x]) * partX;
        int lower = (clouds[below + x] << 8) + (clouds[below + right] - clouds[below + x]) * partX;
        return ((upper << 8) + (lower - upper) * partY) >> 16;
    }

    private static int Fixed(float value) => (int)(value * 65536);

    // Each pass doubles the grid by interpolation with wrap-around and adds finer, weaker noise; the result is about -1..1.
    private static float[] Clouds(SampleRandom random)
    {
        int side = 4;
        float amplitude = 0.5f;
        var values = new float[side * side];
        for (int i = 0; i < values.Length; i++) values[i] = amplitude * random.Between(-1, 1);
        while (side < Side)
        {
            amplitude *= 0.76f;
            int wide = side * 2;
            var finer = new float[wide * wide];
            for (int y = 0; y < wide; y++)
            {
                int near = y / 2, far = ((y & 1) == 0 ? near + side - 1 : near + 1) % side;
                for (int x = 0; x < wide; x++)
                {
                    int left = x / 2, right = ((x & 1) == 0 ? left + side - 1 : left + 1) % side;
                    float upper = 0.75f * values[near * side + left] + 0.25f * values[near * side + right];
                    float lower = 0.75f * values[far * side + left] + 0.25f * values[far * side + right];
                    finer[y * wide + x] = 0.75f * upper + 0.25f * lower + amplitude * random.Between(-1, 1);
                }
            }
            values = finer;
            side = wide;
        }
        return values;
    }

    /// <summary>A disc in the image, in pixels.</summary>
    public readonly record struct Disc(SKPoint Centre, float Radius)
    {
        internal (int From, int To) Span(int y, int width)
        {
            float down = y + 0.5f - Centre.Y, half = Radius * Radius - down * down;
            if (half <= 0) return (0, 0);
            half = MathF.Sqrt(half);
            return (Math.Clamp((int)(Centre.X - half), 0, width), Math.Clamp((int)(Centre.X + half), 0, width));
        }
    }

    private unsafe interface IPixelEffect
    {
        void Apply(byte* pixel, int noise);
    }

    private readonly unsafe struct Roughening(int[] factors) : IPixelEffect
    {
        public void Apply(byte* pixel, int noise)
        {
            int factor = factors[noise];
            pixel[0] = (byte)Math.Min(255, pixel[0] * factor >> 8);
            pixel[1] = (byte)Math.Min(255, pixel[1] * factor >> 8);
            pixel[2] = (byte)Math.Min(255, pixel[2] * factor >> 8);
        }
    }

    private readonly unsafe struct Staining(int[] parts, SKColor color) : IPixelEffect
    {
        public void Apply(byte* pixel, int noise)
        {
            int part = parts[noise];
            if (part == 0) return;
            pixel[0] += (byte)((color.Red - pixel[0]) * part >> 8);
            pixel[1] += (byte)((color.Green - pixel[1]) * part >> 8);
            pixel[2] += (byte)((color.Blue - pixel[2]) * part >> 8);
        }
    }
}
