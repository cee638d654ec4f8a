using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>
/// Random decisions that several painters share: size, position, rotation and kind of the meter. One dial unit is the radius of the
/// dial's rim; the dial's centre is (0, 0) and y points down, as in the image.
/// </summary>
internal sealed class SampleScene
{
    private const double MinCoverage = 0.0165, MaxCoverage = 0.046;

    private SampleScene(int width, int height) => (Width, Height) = (width, height);

    /// <summary>Image width in pixels.</summary>
    public int Width { get; }

    /// <summary>Image height in pixels.</summary>
    public int Height { get; }

    /// <summary>Scale of the photo relative to a longer edge of 640 pixels: the unit for blur, grain and specks, in pixels.</summary>
    public float Unit => Math.Max(Width, Height) / 640f;

    /// <summary>Transform from dial units to pixels: rotation, tilt, slight perspective, scale, position.</summary>
    public SKMatrix Dial { get; private set; }

    /// <summary>Centre of the dial, in pixels.</summary>
    public SKPoint Centre { get; private set; }

    /// <summary>Radius of the dial, in pixels.</summary>
    public float Radius { get; private set; }

    /// <summary>Window in dial units.</summary>
    public SKRect Window { get; private set; }

    /// <summary>Window in pixels, as the mask shows it.</summary>
    public WindowQuad Quad { get; private set; }

    /// <summary>Offset of the lower end of the case from the rim, in dial units.</summary>
    public SKPoint Tilt { get; private init; }

    /// <summary>Returns a disc of this radius in dial units, without tilt and perspective: accurate enough for dirt and grain.</summary>
    public NoiseTile.Disc Disc(float radius) => new(Centre, radius * Radius * 0.97f);

    /// <summary>Radius of the printed face, in dial units.</summary>
    public float FaceRadius { get; private init; }

    public int Drums { get; private init; }

    /// <summary>Number of drums at the end that count litres.</summary>
    public int RedDrums { get; private init; }

    public WindowStyle WindowStyle { get; private init; }

    public Backdrop Backdrop { get; private init; }

    /// <summary>Whether the pipes run along the digits rather than across them.</summary>
    public bool PipesAlong { get; private init; }

    public SKColor Face { get; private init; }

    /// <summary>Colour accent: red for hot water, blue for cold, or another.</summary>
    public SKColor Accent { get; private init; }

    /// <summary>Creates a scene whose longer edge is <paramref name="size"/> pixels.</summary>
    public static SampleScene Create(SampleRandom random, int size)
    {
        (int width, int height) = PhotoSize(random, size);
        int drums = random.Integer(5, 8);
        var scene = new SampleScene(width, height)
        {
            Drums = drums,
            RedDrums = random.Chance(0.12) ? 0 : random.Integer(2, 3),
            WindowStyle = random.Pick<WindowStyle>(
            [
                WindowStyle.WhiteDrums, WindowStyle.WhiteDrums, WindowStyle.BlackDrums, WindowStyle.BlackDrums,
                WindowStyle.Strip, WindowStyle.Apertures,
            ]),
            Backdrop = random.Pick<Backdrop>(
            [
                Backdrop.Plaster, Backdrop.Plaster, Backdrop.Tiles, Backdrop.Brick, Backdrop.Concrete, Backdrop.Wood, Backdrop.Soil,
                Backdrop.Cabinet, Backdrop.Cabinet,
            ]),
            PipesAlong = random.Chance(0.6),
            Tilt = new SKPoint(random.Between(-0.13f, 0.13f), random.Between(-0.13f, 0.13f)),
            FaceRadius = random.Between(0.85f, 0.93f),
            Face = FaceColor(random),
            Accent = random.Pick<SKColor>(
            [
                new(0xC2, 0x22, 0x2A), new(0xC2, 0x22, 0x2A), new(0x1F, 0x4F, 0xA8), new(0x1F, 0x4F, 0xA8), new(0x1E, 0x7A, 0x4A),
                new(0x25, 0x25, 0x28),
            ]),
        };
        scene.PlaceWindow(random);
        return scene;
    }

    private static (int Width, int Height) PhotoSize(SampleRandom random, int size)
    {
        float kind = random.Fraction();
        if (kind < 0.62f) return ((size * 3 + 2) / 4, size);
        if (kind < 0.8f) return ((size * 9 + 8) / 16, size);
        return (size, (size * 3 + 2) / 4);
    }

    private static SKColor FaceColor(SampleRandom random)
    {
        SKColor paper = random.Pick<SKColor>(
        [
            new(0xF4, 0xF3, 0xEE), new(0xF2, 0xF2, 0xF2), new(0xEF, 0xE6, 0xD0), new(0xE6, 0xDB, 0xBE), new(0xD2, 0xD4, 0xD5),
            new(0xBD, 0xBF, 0xBE),
        ]);
        return paper.Shade(random.Between(0.92f, 1.02f));
    }

    private static float Angle(SampleRandom random)
    {
        float kind = random.Fraction();
        if (kind < 0.66f) return Math.Clamp(15 * random.Gaussian(), -40, 40);
        if (kind < 0.82f) return random.Between(-40, 40);
        if (kind < 0.9f) return 180 + 14 * random.Gaussian();
        return 90 * random.Sign() + 12 * random.Gaussian();
    }

    // The window first: its share of the image gives its size in pixels, and its share of the dial gives the dial's.
    private void PlaceWindow(SampleRandom random)
    {
        double share = MinCoverage * Math.Pow(MaxCoverage / MinCoverage, Math.Pow(random.Fraction(), 1.3));
        float aspect = Math.Clamp(Drums * random.Between(0.58f, 0.88f), 3.5f, 6.6f);
        float halfWidth = random.Between(0.5f, 0.6f) + 1.6f * (float)(share - MinCoverage);
        float halfHeight = halfWidth / aspect;
        float room = 0.9f * FaceRadius;
        float farthest = MathF.Sqrt(room * room - halfWidth * halfWidth) - halfHeight;
        float y = Math.Min(random.Between(0.12f, 0.5f), farthest) * (random.Chance(0.74) ? -1 : 1);
        float x = random.Between(-0.04f, 0.04f);
        Window = new SKRect(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);

        SKMatrix rotated = Rotation(random);
        double unitArea = WindowQuad.Map(Window, rotated).Area;
        Radius = (float)Math.Sqrt(share * Width * Height / unitArea);
        SKMatrix scaled = SKMatrix.CreateScale(Radius, Radius).PreConcat(rotated);

        float margin = Math.Max(3, 8 * Unit);
        var wanted = new SKPoint(Width * (0.5f + 0.09f * random.Gaussian()), Height * (0.5f + 0.09f * random.Gaussian()));
        WindowQuad quad = WindowQuad.Map(Window, SKMatrix.CreateTranslation(wanted.X, wanted.Y).PreConcat(scaled));
        Centre = new SKPoint(
            wanted.X + ShiftInside(quad.Left, quad.Right, margin, Width), wanted.Y + ShiftInside(quad.Top, quad.Bottom, margin, Height));
        Dial = SKMatrix.CreateTranslation(Centre.X, Centre.Y).PreConcat(scaled);
        Quad = WindowQuad.Map(Window, Dial);
    }

    private static SKMatrix Rotation(SampleRandom random)
    {
        float angle = Angle(random), tiltAxis = random.Between(0, 180);
        SKMatrix perspective = SKMatrix.Identity;
        perspective.Persp0 = random.Between(-0.045f, 0.045f);
        perspective.Persp1 = random.Between(-0.045f, 0.045f);
        return perspective
            .PreConcat(SKMatrix.CreateRotationDegrees(tiltAxis))
            .PreConcat(SKMatrix.CreateScale(1, random.Between(0.9f, 1f)))
            .PreConcat(SKMatrix.CreateRotationDegrees(angle - tiltAxis));
    }

    // Returns the shift that keeps low..high at least the margin away from both edges.
    private static float ShiftInside(float low, float high, float margin, float length)
    {
        if (low < margin) return margin - low;
        return high > length - margin ? length - margin - high : 0;
    }
}
