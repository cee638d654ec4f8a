using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>Paints the wall, pit or cabinet behind the meter, in pixels.</summary>
internal sealed class BackgroundPainter(SampleScene scene, SampleRandom random, NoiseTile noise)
{
    private readonly float unit = scene.Unit;
    private readonly SKRect all = new(0, 0, scene.Width, scene.Height);

    public void Paint(SKCanvas canvas)
    {
        canvas.Save();
        switch (scene.Backdrop)
        {
            case Backdrop.Plaster: Plaster(canvas); break;
            case Backdrop.Tiles: Blocks(canvas, tiles: true); break;
            case Backdrop.Brick: Blocks(canvas, tiles: false); break;
            case Backdrop.Concrete: Concrete(canvas); break;
            case Backdrop.Wood: Wood(canvas); break;
            case Backdrop.Soil: Soil(canvas); break;
            default: Cabinet(canvas); break;
        }
        canvas.Restore();
        if (scene.Backdrop != Backdrop.Soil && random.Chance(0.4)) BackPipe(canvas);
        if (random.Chance(0.3)) Cable(canvas);
    }

    private void Plaster(SKCanvas canvas)
    {
        SKColor paint = random.Pick<SKColor>(
        [
            new(0xD9, 0xD2, 0xC2), new(0xC9, 0xCB, 0xC8), new(0xB7, 0xC4, 0xB4), new(0xC7, 0xB0, 0x96),
            new(0x8F, 0xA3, 0xB5), new(0xD8, 0xBF, 0xA6), new(0x9A, 0x93, 0x8A),
        ]);
        canvas.Box(all, paint.Shade(random.Between(0.75f, 1)));
        noise.Roughen(random, 6 * unit, 0.3f);
        noise.Roughen(random, 1.1f * unit, random.Between(0.15f, 0.4f));
        if (random.Chance(0.6)) noise.Stain(random, 3 * unit, new SKColor(0x5A, 0x46, 0x32).Alpha(0.35f));
        for (int i = random.Integer(0, 3); i > 0; i--) Crack(canvas);
        Corner(canvas, paint);
    }

    private void Concrete(SKCanvas canvas)
    {
        SKColor stone = SkiaDrawing.Grey(random.Between(95, 170)).Mix(new SKColor(0x8A, 0x7A, 0x62), random.Between(0, 0.5f));
        canvas.Box(all, stone);
        noise.Roughen(random, 5 * unit, 0.5f);
        noise.Roughen(random, 0.8f * unit, 0.65f);
        noise.Stain(random, 2.5f * unit, stone.Shade(0.5f).Alpha(0.5f));
        for (int i = random.Integer(10, 40); i > 0; i--) Speck(canvas, stone.Shade(0.45f), 0.6f, 3);
        for (int i = random.Integer(1, 4); i > 0; i--) Crack(canvas);
        Corner(canvas, stone);
    }

    private void Wood(SKCanvas canvas)
    {
        SKColor wood = random.Pick<SKColor>([new(0xA8, 0x72, 0x3A), new(0x7A, 0x52, 0x30), new(0xC0, 0x96, 0x62), new(0x5A, 0x42, 0x30)]);
        float degrees = random.Pick<float>([90, 90, 0]) + 3 * random.Gaussian();
        canvas.Box(all, wood);
        noise.Roughen(random, 1.2f * unit, 0.8f, stretch: 14, degrees: degrees);
        noise.Roughen(random, 3 * unit, 0.5f, stretch: 9, degrees: degrees);
        float board = random.Between(70, 190) * unit;
        canvas.RotateDegrees(degrees, scene.Width / 2f, scene.Height / 2f);
        float reach = scene.Width + scene.Height;
        for (float y = -reach / 2 + random.Between(0, board); y < reach * 1.5f; y += board)
        {
            canvas.Line(-reach, y, 2 * reach, y, wood.Shade(0.25f), 2.2f * unit);
            canvas.Line(-reach, y + 2 * unit, 2 * reach, y + 2 * unit, wood.Shade(1.25f).Alpha(0.5f), 1.2f * unit);
        }
    }

    private void Soil(SKCanvas canvas)
    {
        SKColor soil = random.Pick<SKColor>([new(0x4A, 0x38, 0x28), new(0x5E, 0x4C, 0x38), new(0x3A, 0x33, 0x2B), new(0x77, 0x62, 0x47)]);
        canvas.Box(all, soil);
        noise.Roughen(random, 4 * unit, 0.7f);
        noise.Roughen(random, 0.9f * unit, 0.9f);
        noise.Stain(random, 1.6f * unit, soil.Shade(0.4f).Alpha(0.7f));
        for (int i = random.Integer(60, 150); i > 0; i--) Stone(canvas, soil);
        for (int i = random.Integer(0, 14); i > 0; i--)
        {
            // Roots and straw.
            SKPoint from = Anywhere();
            float dx = 40 * unit * random.Gaussian(), dy = 40 * unit * random.Gaussian();
            using SKPath straw = SkiaDrawing.Cubic(from, new(from.X + dx, from.Y), new(from.X, from.Y + dy), new(from.X + dx, from.Y + dy));
            canvas.Curve(straw, new SKColor(0xA8, 0x92, 0x60).Shade(random.Between(0.4f, 1)), random.Between(0.8f, 2.4f) * unit);
        }
    }

    private void Cabinet(SKCanvas canvas)
    {
        SKColor panel = random.Pick<SKColor>([new(0x3A, 0x36, 0x32), new(0x2A, 0x2E, 0x36), new(0x55, 0x4A, 0x40), new(0x6A, 0x6A, 0x66)]);
        canvas.Box(all, SkiaDrawing.Linear(0, 0, scene.Width, scene.Height, panel.Shade(0.6f), panel.Shade(1.2f), panel.Shade(0.5f)));
        noise.Roughen(random, 3 * unit, 0.45f);
        noise.Roughen(random, 0.9f * unit, 0.3f);
        for (int i = random.Integer(1, 4); i > 0; i--)
        {
            // Shelves, edges and other objects in the dark.
            SKPoint at = Anywhere();
            canvas.Save();
            canvas.RotateDegrees(random.Pick<float>([0, 90]) + 4 * random.Gaussian(), at.X, at.Y);
            var block = new SKRect(at.X - 900 * unit, at.Y, at.X + 900 * unit, at.Y + random.Between(14, 190) * unit);
            SKColor tone = panel.Mix(
                random.Pick<SKColor>([new(0xB0, 0xA8, 0x98), new(0x20, 0x1C, 0x18), new(0x7A, 0x5A, 0x3A)]), random.Between(0.2f, 0.7f));
            canvas.Box(block, SkiaDrawing.Linear(0, block.Top, 0, block.Bottom, tone.Shade(1.15f), tone, tone.Shade(0.55f)));
            canvas.Restore();
        }
        noise.Stain(random, 2 * unit, SKColors.Black.Alpha(0.5f));
    }

    private void Blocks(SKCanvas canvas, bool tiles)
    {
        SKColor stone = tiles
            ? random.Pick<SKColor>(
                [new(0xE4, 0xE4, 0xDE), new(0xD8, 0xCC, 0xB8), new(0xA9, 0xC1, 0xCC), new(0x5B, 0x8A, 0xA6), new(0xC9, 0xD6, 0xC4)])
            : random.Pick<SKColor>([new(0x9A, 0x55, 0x40), new(0x86, 0x4A, 0x3A), new(0xB0, 0x7A, 0x58), new(0xA8, 0xA4, 0x9C)]);
        SKColor joint = tiles ? SkiaDrawing.Grey(random.Between(90, 200)) : new SKColor(0xA6, 0x9C, 0x8C).Shade(random.Between(0.6f, 1));
        float width = random.Between(110, 210) * unit, height = tiles ? width * random.Pick<float>([1, 1, 0.5f, 1.4f]) : width * 0.33f;
        float gap = (tiles ? random.Between(2, 5) : random.Between(7, 12)) * unit;
        canvas.Box(all, joint);
        canvas.RotateDegrees((tiles ? 5 : 3) * random.Gaussian(), scene.Width / 2f, scene.Height / 2f);
        float reach = 0.3f * (scene.Width + scene.Height);
        int row = 0;
        for (float y = -reach + random.Between(0, height); y < scene.Height + reach; y += height, row++)
        {
            float shift = tiles ? 0 : (row & 1) * width / 2;
            for (float x = -reach - shift; x < scene.Width + reach; x += width)
            {
                SKColor one = stone.Shade(1 + (tiles ? 0.03f : 0.13f) * random.Gaussian());
                var block = new SKRect(x + gap / 2, y + gap / 2, x + width - gap / 2, y + height - gap / 2);
                canvas.Box(
                    block,
                    SkiaDrawing.Linear(block.Left, block.Top, block.Right, block.Bottom, one.Shade(1.05f), one, one.Shade(0.9f)),
                    tiles ? 2 * unit : 4 * unit);
            }
        }
        canvas.ResetMatrix();
        noise.Roughen(random, 5 * unit, 0.35f);
        noise.Roughen(random, 0.9f * unit, tiles ? 0.12f : 0.75f);
        noise.Stain(random, 2.5f * unit, new SKColor(0x40, 0x34, 0x28).Alpha(tiles ? 0.25f : 0.45f));
    }

    // Where two walls meet, or a wall and the floor.
    private void Corner(SKCanvas canvas, SKColor wall)
    {
        if (!random.Chance(0.45)) return;
        bool upright = random.Chance(0.6);
        float at = (upright ? scene.Width : scene.Height)
            * (random.Chance(0.5) ? random.Between(0.03f, 0.25f) : random.Between(0.75f, 0.97f));
        float lean = 14 * unit * random.Gaussian();
        bool low = at < (upright ? scene.Width : scene.Height) / 2f;
        float edge = low ? -20 : (upright ? scene.Width : scene.Height) + 20;
        using SKPath side = upright
            ? SkiaDrawing.Polygon(new(at, 0), new(at + lean, scene.Height), new(edge, scene.Height), new(edge, 0))
            : SkiaDrawing.Polygon(new(0, at), new(scene.Width, at + lean), new(scene.Width, edge), new(0, edge));
        SKColor tone = random.Chance(0.7)
            ? SKColors.Black.Alpha(random.Between(0.2f, 0.6f))
            : wall.Mix(new SKColor(0x60, 0x4A, 0x3C), 0.8f).Alpha(0.9f);
        canvas.Shape(side, tone);
        noise.Roughen(random, 2 * unit, 0.15f);
    }

    private void BackPipe(SKCanvas canvas)
    {
        SKColor tone = random.Pick<SKColor>([new(0xDD, 0xDB, 0xD4), new(0x8E, 0x8E, 0x8C), new(0x5A, 0x48, 0x3C), new(0xB8, 0xAC, 0x96)])
            .Shade(random.Between(0.6f, 1));
        SKPoint at = Anywhere();
        float thick = random.Between(22, 70) * unit, reach = scene.Width + scene.Height;
        canvas.Save();
        canvas.RotateDegrees(random.Pick<float>([0, 90, 90]) + 6 * random.Gaussian(), at.X, at.Y);
        float y = at.Y - thick / 2;
        canvas.Box(
            new SKRect(-reach, y + thick * 0.6f, reach, y + thick * 1.4f),
            SkiaDrawing.Linear(0, y + thick * 0.6f, 0, y + thick * 1.4f, SKColors.Black.Alpha(0.5f), SKColors.Black.Alpha(0)));
        canvas.Box(
            new SKRect(-reach, y, reach, y + thick),
            SkiaDrawing.Linear(0, y, 0, y + thick, tone.Shade(0.55f), tone.Shade(1.1f), tone, tone.Shade(0.4f)));
        canvas.Restore();
    }

    private void Cable(SKCanvas canvas)
    {
        SKColor tone = random.Pick<SKColor>([new(0x20, 0x20, 0x22), new(0xD8, 0xD4, 0xCC), new(0x2E, 0x7A, 0x3A), new(0x8A, 0x8A, 0x8C)]);
        SKPoint from = Anywhere(), to = Anywhere();
        float width = random.Between(3, 9) * unit;
        from.Y = -10;
        to.X = random.Chance(0.5) ? -10 : scene.Width + 10;
        using SKPath path = SkiaDrawing.Cubic(from, Anywhere(), Anywhere(), to);
        canvas.Translate(3 * unit, 4 * unit);
        canvas.Curve(path, SKColors.Black.Alpha(0.3f), width * 1.2f);
        canvas.Translate(-3 * unit, -4 * unit);
        canvas.Curve(path, tone.Shade(0.7f), width);
        canvas.Curve(path, tone.Mix(SKColors.White, 0.25f), width * 0.3f);
    }

    private void Crack(SKCanvas canvas)
    {
        SKPoint at = Anywhere();
        float heading = random.Between(0, MathF.Tau);
        for (int i = random.Integer(6, 16); i > 0; i--)
        {
            heading += 0.5f * random.Gaussian();
            (float sin, float cos) = MathF.SinCos(heading);
            float step = random.Between(8, 26) * unit;
            var next = new SKPoint(at.X + step * cos, at.Y + step * sin);
            canvas.Line(at.X, at.Y, next.X, next.Y, SKColors.Black.Alpha(random.Between(0.2f, 0.55f)), random.Between(0.6f, 1.8f) * unit);
            at = next;
        }
    }

    private void Stone(SKCanvas canvas, SKColor soil)
    {
        SKPoint at = Anywhere();
        float radius = random.Between(1.5f, 6) * unit * (random.Chance(0.1) ? 3 : 1);
        SKColor tone = soil.Mix(
            random.Pick<SKColor>([new(0xB0, 0xA6, 0x96), new(0x80, 0x78, 0x70), new(0x20, 0x18, 0x10)]), random.Between(0.2f, 0.8f));
        using SKPath shadow = SkiaDrawing.Blob(random, at.X + radius * 0.25f, at.Y + radius * 0.3f, radius, 0.25f);
        canvas.Shape(shadow, SKColors.Black.Alpha(0.45f));
        using SKPath stone = SkiaDrawing.Blob(random, at.X, at.Y, radius, 0.25f);
        canvas.Shape(
            stone, SkiaDrawing.Linear(at.X - radius, at.Y - radius, at.X + radius, at.Y + radius, tone.Shade(1.25f), tone.Shade(0.7f)));
    }

    private void Speck(SKCanvas canvas, SKColor color, float least, float most)
    {
        SKPoint at = Anywhere();
        canvas.Circle(at.X, at.Y, random.Between(least, most) * unit, color.Alpha(random.Between(0.3f, 0.8f)));
    }

    private SKPoint Anywhere() => new(random.Between(0, scene.Width), random.Between(0, scene.Height));
}
