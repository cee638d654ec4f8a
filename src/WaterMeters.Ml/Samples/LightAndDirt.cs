using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>Paints dirt and reflections on the glass, shadows, and the reflection of the flash.</summary>
internal sealed class LightAndDirt(SampleScene scene, SampleRandom random, NoiseTile noise)
{
    private readonly float unit = scene.Unit;

    /// <summary>Paints dirt, scratches, drops and soft reflections on the glass, in dial units.</summary>
    public void PaintGlass(SKCanvas canvas)
    {
        canvas.Save();
        using var builder = new SKPathBuilder();
        builder.AddCircle(0, 0, scene.FaceRadius);
        using SKPath glass = builder.Detach();
        canvas.ClipPath(glass, SKClipOperation.Intersect, antialias: true);
        NoiseTile.Disc face = scene.Disc(scene.FaceRadius);
        if (random.Chance(0.25))
        {
            noise.Stain(random, 0.011f * scene.Radius, new SKColor(0x5C, 0x48, 0x30).Alpha(random.Between(0.2f, 0.6f)), within: face);
        }

        if (random.Chance(0.2)) noise.Stain(random, 0.016f * scene.Radius, SKColors.White.Alpha(random.Between(0.15f, 0.5f)), within: face);
        for (int i = random.Integer(0, 26); i > 0; i--) Speck(canvas);
        for (int i = random.Integer(0, 5); i > 0; i--) Scratch(canvas);
        for (int i = random.Chance(0.15) ? random.Integer(4, 18) : 0; i > 0; i--) Drop(canvas);
        Crescent(canvas);
        if (random.Chance(0.35)) Pane(canvas);
        canvas.Restore();
    }

    /// <summary>Paints, sometimes, the shadow of a hand, a pipe or the phone, in pixels.</summary>
    public void PaintShadow(SKCanvas canvas)
    {
        if (random.Chance(0.4)) Shadow(canvas);
    }

    /// <summary>
    /// Paints, sometimes, the reflection of the lamp or flash in the glass, in pixels. It is white at any exposure, so paint it last.
    /// </summary>
    public void PaintFlash(SKCanvas canvas)
    {
        if (!random.Chance(0.6)) return;
        SKPoint at = scene.Dial.MapPoint(random.Between(-0.6f, 0.6f), random.Between(-0.6f, 0.6f));
        float radius = scene.Radius * random.Between(0.18f, 0.6f), strength = random.Between(0.6f, 1);
        SKColor light = new SKColor(0xFF, 0xFD, 0xF4).Mix(new SKColor(0xE8, 0xF2, 0xFF), random.Fraction());
        // It must not hide the window, or the edge of the mask would be a guess.
        if (scene.Quad.Contains(at.X, at.Y)) (radius, strength) = (radius * 0.6f, strength * 0.7f);
        canvas.Circle(at.X, at.Y, radius, SKShader.CreateRadialGradient(at, radius,
            [light.Alpha(strength), light.Alpha(strength * 0.9f), light.Alpha(strength * 0.25f), light.Alpha(0)],
            [0, random.Between(0.1f, 0.4f), 0.55f, 1], SKShaderTileMode.Clamp));
        for (int i = random.Integer(0, 2); i > 0; i--)
        {
            SKPoint ghost = scene.Dial.MapPoint(random.Between(-0.95f, 0.95f), random.Between(-0.95f, 0.95f));
            float size = random.Between(1, 4) * unit;
            canvas.Circle(ghost.X, ghost.Y, size, SkiaDrawing.Radial(ghost.X, ghost.Y, size, light, light.Alpha(0)));
        }
    }

    private void Shadow(SKCanvas canvas)
    {
        var at = new SKPoint(random.Between(0, scene.Width), random.Between(0, scene.Height));
        float reach = 1.5f * (scene.Width + scene.Height), thick = random.Between(0.12f, 0.45f) * scene.Height;
        canvas.Save();
        canvas.RotateDegrees(random.Between(0, 180), at.X, at.Y);
        SKColor dark = SKColors.Black.Alpha(random.Between(0.25f, 0.6f)), clear = SKColors.Black.Alpha(0);
        float soft = random.Between(0.05f, 0.35f);
        var band = new SKRect(at.X - reach, at.Y, at.X + reach, at.Y + (random.Chance(0.5) ? thick : reach));
        canvas.Box(band, SKShader.CreateLinearGradient(new SKPoint(0, band.Top), new SKPoint(0, band.Top + thick),
            [clear, dark, dark, band.Height > thick ? dark : clear], [0, soft, 1 - soft, 1], SKShaderTileMode.Clamp));
        canvas.Restore();
    }

    private void Crescent(SKCanvas canvas)
    {
        if (!random.Chance(0.7)) return;
        float start = random.Between(0, 360), sweep = random.Between(40, 130), radius = scene.FaceRadius * random.Between(0.86f, 0.96f);
        using var builder = new SKPathBuilder();
        builder.AddArc(new SKRect(-radius, -radius, radius, radius), start, sweep);
        using SKPath arc = builder.Detach();
        float strength = random.Between(0.12f, 0.4f), width = random.Between(0.03f, 0.1f);
        canvas.Curve(arc, SKColors.White.Alpha(strength * 0.5f), width);
        canvas.Curve(arc, SKColors.White.Alpha(strength), width * 0.45f);
    }

    // The reflection of a window of the room.
    private void Pane(SKCanvas canvas)
    {
        canvas.Save();
        canvas.RotateDegrees(random.Between(0, 360));
        float left = random.Between(-0.9f, 0.4f), width = random.Between(0.2f, 0.6f), lean = random.Between(0.1f, 0.4f);
        using SKPath pane = SkiaDrawing.Polygon(new(left, -1), new(left + width, -1), new(left + width + lean, 1), new(left + lean, 1));
        SKColor light = SKColors.White.Alpha(random.Between(0.08f, 0.32f));
        canvas.Shape(pane, SkiaDrawing.Linear(left, -1, left + width, 1, light, light.WithAlpha(0), light));
        canvas.Restore();
    }

    private void Speck(SKCanvas canvas)
    {
        SKColor dirt = random.Pick<SKColor>([new(0x30, 0x24, 0x18), new(0x60, 0x50, 0x3C), new(0xE8, 0xE4, 0xDA)]);
        using SKPath blob = SkiaDrawing.Blob(
            random, random.Between(-0.9f, 0.9f), random.Between(-0.9f, 0.9f), random.Between(0.004f, 0.022f), 0.5f);
        canvas.Shape(blob, dirt.Alpha(random.Between(0.3f, 0.9f)));
    }

    private void Scratch(SKCanvas canvas)
    {
        float x = random.Between(-0.9f, 0.9f), y = random.Between(-0.9f, 0.9f);
        float dx = 0.4f * random.Gaussian(), dy = 0.4f * random.Gaussian();
        using SKPath line = SkiaDrawing.Cubic(
            new(x, y), new(x + dx * 0.3f, y + dy * 0.4f), new(x + dx * 0.7f, y + dy * 0.6f), new(x + dx, y + dy));
        canvas.Curve(line, SKColors.White.Alpha(random.Between(0.1f, 0.45f)), random.Between(0.003f, 0.008f));
    }

    private void Drop(SKCanvas canvas)
    {
        float x = random.Between(-0.85f, 0.85f), y = random.Between(-0.85f, 0.85f), radius = random.Between(0.012f, 0.045f);
        canvas.Circle(
            x, y, radius,
            SkiaDrawing.Linear(x - radius, y - radius, x + radius, y + radius, SKColors.Black.Alpha(0.3f), SKColors.White.Alpha(0.35f)));
        canvas.Circle(x - radius * 0.35f, y - radius * 0.35f, radius * 0.25f, SKColors.White.Alpha(0.8f));
    }
}
