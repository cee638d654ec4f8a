using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>Paints the pipes, unions and case wings on both sides of the meter, and their shadow on the wall.</summary>
internal sealed class PipePainter(SampleScene scene, SampleRandom random, NoiseTile noise)
{
    private static readonly SKColor[] PipeColors =
    [
        new(0xDE, 0xDC, 0xD4), new(0xDE, 0xDC, 0xD4), new(0x9A, 0x9A, 0x98), new(0x6A, 0x4C, 0x38),
        new(0x30, 0x30, 0x32), new(0xA8, 0x86, 0x4C), new(0x6E, 0x74, 0x78),
    ];

    private readonly float pipeHalf = random.Between(0.2f, 0.34f);
    private readonly float nutHalf = random.Between(0.36f, 0.5f);
    private readonly float caseRadius = random.Between(1.04f, 1.16f);
    private readonly SKColor casing = random.Pick<SKColor>(
    [
        new(0xB0, 0x8D, 0x4A), new(0xB0, 0x8D, 0x4A), new(0x8A, 0x70, 0x42), new(0x9C, 0x9C, 0x9A), new(0x2D, 0x4F, 0x86),
        new(0x4A, 0x4C, 0x50),
    ]);

    public void Paint(SKCanvas canvas)
    {
        Shadow(canvas);
        canvas.Save();
        canvas.Concat(scene.Dial);
        if (!scene.PipesAlong) canvas.RotateDegrees(90);
        SKColor pipe = random.Pick<SKColor>(PipeColors).Shade(random.Between(0.75f, 1));
        SKColor nut = random.Pick<SKColor>([casing, casing, new(0xB8, 0x96, 0x52), new(0xA4, 0xA4, 0xA2)]);
        float fitting = random.Chance(0.6) ? random.Between(1.9f, 2.4f) : 0;
        for (int side = -1; side <= 1; side += 2)
        {
            canvas.Save();
            canvas.Scale(side, 1);
            Side(canvas, pipe, nut, fitting);
            canvas.Restore();
        }
        Casing(canvas);
        canvas.Restore();
        if (random.Chance(0.35)) Seal(canvas);
    }

    private void Shadow(SKCanvas canvas)
    {
        using var builder = new SKPathBuilder();
        builder.AddCircle(scene.Tilt.X, scene.Tilt.Y, caseRadius + 0.04f);
        builder.AddRect(scene.PipesAlong
            ? new SKRect(-8, -nutHalf * 0.8f, 8, nutHalf * 0.8f)
            : new SKRect(-nutHalf * 0.8f, -8, nutHalf * 0.8f, 8));
        using SKPath shape = builder.Detach();
        shape.Transform(scene.Dial);
        float far = scene.Radius * random.Between(0.06f, 0.2f), angle = random.Between(0, MathF.Tau);
        shape.Transform(SKMatrix.CreateTranslation(far * MathF.Cos(angle), far * MathF.Sin(angle)));
        canvas.Shape(shape, SKColors.Black.Alpha(random.Between(0.35f, 0.75f)), far * random.Between(0.25f, 0.5f));
    }

    private void Side(SKCanvas canvas, SKColor pipe, SKColor nut, float fitting)
    {
        Tube(canvas, 1.5f, 8, pipeHalf, pipe);
        if (fitting > 0)
        {
            Tube(canvas, fitting, fitting + 0.42f, pipeHalf * 1.35f, pipe.Shade(0.97f));
            for (float x = fitting + 0.06f; x < fitting + 0.4f; x += 0.08f)
                canvas.Line(x, -pipeHalf * 1.3f, x, pipeHalf * 1.3f, SKColors.Black.Alpha(0.16f), 0.02f);
            canvas.Line(fitting, -pipeHalf * 1.33f, fitting, pipeHalf * 1.33f, SKColors.Black.Alpha(0.5f), 0.03f);
        }
        Tube(canvas, 1.02f, 1.24f, nutHalf * 0.78f, casing);
        for (float x = 1.06f; x < 1.24f; x += 0.04f)
        {
            canvas.Line(x, -nutHalf * 0.76f, x, nutHalf * 0.76f, SKColors.Black.Alpha(0.35f), 0.014f);
        }

        Nut(canvas, 1.22f, random.Between(1.55f, 1.75f), nut);
    }

    private static void Tube(SKCanvas canvas, float from, float to, float half, SKColor tone) =>
        canvas.Box(new SKRect(from, -half, to, half), SkiaDrawing.Linear(0, -half, 0, half,
            tone.Shade(0.4f), tone.Shade(0.85f), tone.Mix(SKColors.White, 0.35f), tone,
            tone.Shade(0.75f), tone.Shade(0.35f), tone.Shade(0.5f)));

    // A six-sided nut shows three faces, each lit differently.
    private void Nut(SKCanvas canvas, float from, float to, SKColor tone)
    {
        float cut = nutHalf * random.Between(0.3f, 0.5f);
        ReadOnlySpan<float> edges = [-nutHalf, -cut, cut, nutHalf];
        ReadOnlySpan<float> lights = [0.62f, 1.12f, 0.5f];
        for (int i = 0; i < 3; i++)
        {
            SKColor flat = tone.Shade(lights[i] * random.Between(0.9f, 1.1f));
            canvas.Box(
                new SKRect(from, edges[i], to, edges[i + 1]),
                SkiaDrawing.Linear(from, 0, to, 0, flat.Shade(0.8f), flat.Mix(SKColors.White, 0.12f), flat, flat.Shade(0.65f)),
                0.03f);
        }
        canvas.Line(from, -nutHalf * 0.95f, from, nutHalf * 0.95f, SKColors.Black.Alpha(0.5f), 0.03f);
        canvas.Line(to, -nutHalf * 0.95f, to, nutHalf * 0.95f, SKColors.Black.Alpha(0.4f), 0.03f);
    }

    private void Casing(SKCanvas canvas)
    {
        using SKPath wings = SkiaDrawing.Polygon(
            new(-1.1f, -nutHalf * 0.7f), new(-0.55f, -0.92f), new(0.55f, -0.92f), new(1.1f, -nutHalf * 0.7f),
            new(1.1f, nutHalf * 0.7f), new(0.55f, 0.92f), new(-0.55f, 0.92f), new(-1.1f, nutHalf * 0.7f));
        canvas.Shape(wings, SkiaDrawing.Linear(0, -0.95f, 0, 0.95f, casing.Shade(0.5f), casing.Shade(1.05f), casing, casing.Shade(0.4f)));
        using var round = new SKPathBuilder();
        // The tilt is relative to the digits; here the axes may be rotated by 90 degrees.
        SKPoint tilt = scene.PipesAlong ? scene.Tilt : new SKPoint(scene.Tilt.Y, -scene.Tilt.X);
        round.AddCircle(tilt.X * 1.5f, tilt.Y * 1.5f, caseRadius);
        using SKPath disc = round.Detach();
        canvas.Shape(disc, SkiaDrawing.Linear(-0.8f, -0.8f, 0.8f, 0.8f, casing.Mix(SKColors.White, 0.2f), casing, casing.Shade(0.45f)));
        noise.Roughen(random, 0.006f * scene.Radius, 0.5f, within: scene.Disc(1.2f));
        noise.Stain(random, 0.01f * scene.Radius, new SKColor(0x3A, 0x2C, 0x20).Alpha(0.45f), within: scene.Disc(1.2f));
    }

    // The seal wire with its lead seal.
    private void Seal(SKCanvas canvas)
    {
        float reach = scene.Radius;
        SKPoint from = scene.Dial.MapPoint(random.Sign() * 0.95f, random.Between(-0.4f, 0.4f));
        var to = new SKPoint(from.X + reach * 0.7f * random.Gaussian(), from.Y + reach * random.Between(0.2f, 0.9f));
        SKPoint bend = new(to.X + reach * 0.4f * random.Gaussian(), from.Y);
        for (int strand = 0; strand < 2; strand++)
        {
            using SKPath wire = SkiaDrawing.Cubic(from, bend, new(bend.X + reach * 0.1f * random.Gaussian(), to.Y), to);
            canvas.Curve(wire, SkiaDrawing.Grey(60), 2.2f * scene.Unit);
            canvas.Curve(wire, SkiaDrawing.Grey(170), 0.9f * scene.Unit);
        }
        SKColor lead = random.Pick<SKColor>([new(0x90, 0x92, 0x94), new(0xB8, 0x28, 0x28), new(0x28, 0x50, 0xA0)]);
        float size = reach * random.Between(0.06f, 0.1f);
        canvas.Circle(to.X + size * 0.2f, to.Y + size * 0.2f, size, SKColors.Black.Alpha(0.5f));
        canvas.Circle(
            to.X, to.Y, size,
            SkiaDrawing.Radial(
                to.X - size * 0.3f, to.Y - size * 0.3f, size * 1.4f, lead.Mix(SKColors.White, 0.4f), lead, lead.Shade(0.5f)));
    }
}
