using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>
/// Paints what is on the face besides the window: name, data, number plate, bar code, marks, star wheel and sub-dials. Some of it
/// resembles a window on purpose; none of it overlaps the window.
/// </summary>
internal sealed class FacePrintPainter(SampleScene scene, SampleRandom random, DigitStrokes strokes)
{
    private static readonly string[] Syllables =
    [
        "NOR", "VAL", "AQ", "UNI", "TEK", "BET", "MER", "HYD", "RON", "SEN", "ITA", "MIN", "OL", "KA", "ZEN", "LUX", "ARO", "DEL",
    ];

    private static readonly string[] Data =
    [
        "QN 1.5 m\u00b3/h", "Q3 2.5 m\u00b3/h", "T30", "T90", "90\u00b0C", "40\u00b0C", "IP 54", "R80H", "R40V", "H-B V-A",
        "PN 16", "MAP 16", "DN 15", "CLASS B", "DN 20", "1L=10P",
    ];

    private readonly List<SKRect> taken = [SKRect.Inflate(scene.Window, 0.07f, 0.07f)];
    private readonly SKColor black = SkiaDrawing.Grey(random.Between(20, 60));

    // Vertical direction away from the window, where most free space is: 1 down, -1 up.
    private readonly float away = scene.Window.MidY < 0 ? 1 : -1;

    public void Paint(SKCanvas canvas)
    {
        if (random.Chance(0.35)) canvas.Ring(0, 0, scene.FaceRadius * 0.96f, 0.014f, scene.Accent);
        if (random.Chance(0.3)) Stripes(canvas);
        Unit(canvas);
        if (random.Chance(0.85)) StarWheel(canvas);
        for (int i = random.Pick<int>([0, 1, 1, 1, 2, 3, 4]); i > 0; i--) SubDial(canvas, i);
        Name(canvas);
        if (random.Chance(0.7)) NumberPlate(canvas);
        if (random.Chance(0.4)) BarCode(canvas);
        for (int i = random.Integer(3, 8); i > 0; i--) Line(canvas);
        for (int i = random.Integer(0, 4); i > 0; i--) Mark(canvas);
        if (random.Chance(0.4)) Arrow(canvas);
        if (random.Chance(0.12)) Sticker(canvas);
    }

    private void Name(SKCanvas canvas)
    {
        string name = random.Pick<string>(Syllables) + random.Pick<string>(Syllables);
        if (random.Chance(0.3)) name += "-" + (char)('0' + random.Integer(1, 9)) + (char)('0' + random.Integer(0, 9));
        float height = random.Between(0.09f, 0.15f), width = DigitStrokes.Width(name, height);
        float side = random.Chance(0.5) ? -away : away;
        if (Find(0, side * random.Between(0.55f, 0.7f), width, height, 8) is not { } at) return;
        strokes.Write(canvas, name, at.X, at.Y, height, random.Between(0.1f, 0.2f), random.Chance(0.6) ? scene.Accent : black);
    }

    private void Unit(SKCanvas canvas)
    {
        float height = random.Between(0.08f, 0.12f);
        SKRect window = scene.Window;
        var at = new SKPoint(window.Right + 0.05f + height, window.MidY);
        if (random.Chance(0.3)) at = new SKPoint(window.Right - height, window.MidY + away * (window.Height / 2 + height));
        if (at.X * at.X + at.Y * at.Y > 0.62f * scene.FaceRadius) return;
        strokes.Write(canvas, "m\u00b3", at.X, at.Y, height, 0.12f, black);
        taken.Add(Around(at, height * 2, height));
    }

    private void Line(SKCanvas canvas)
    {
        string text = random.Pick<string>(Data);
        float height = random.Between(0.045f, 0.085f);
        if (Find(random.Between(-0.55f, 0.55f), random.Between(-0.75f, 0.75f), DigitStrokes.Width(text, height), height, 5) is { } at)
            strokes.Write(canvas, text, at.X, at.Y, height, random.Between(0.1f, 0.16f), random.Chance(0.15) ? scene.Accent : black);
    }

    // A row of digits in its own box: the distractor most similar to a window.
    private void NumberPlate(SKCanvas canvas)
    {
        Span<char> digits = stackalloc char[random.Integer(6, 9)];
        foreach (ref char digit in digits) digit = (char)('0' + random.Integer(0, 9));
        if (random.Chance(0.4)) digits[2] = '-';
        string text = digits.ToString();
        float height = random.Between(0.06f, 0.1f), width = DigitStrokes.Width(text, height);
        if (Find(0, random.Sign() * random.Between(0.2f, 0.75f), width + 0.06f, height + 0.06f, 9) is not { } at) return;
        SKRect plate = Around(at, width + 0.04f, height + 0.05f);
        if (random.Chance(0.4))
        {
            canvas.Box(plate, random.Pick<SKColor>([SkiaDrawing.Grey(235), SkiaDrawing.Grey(180), new(0xE0, 0xC8, 0x70)]));
        }

        if (random.Chance(0.5)) canvas.Outline(plate, black, 0.01f);
        strokes.Write(canvas, text, at.X, at.Y, height, 0.12f, black);
    }

    private void BarCode(SKCanvas canvas)
    {
        float width = random.Between(0.3f, 0.55f), height = random.Between(0.08f, 0.16f);
        if (Find(random.Between(-0.4f, 0.4f), random.Between(-0.6f, 0.6f), width, height, 8) is not { } at) return;
        SKRect label = Around(at, width, height);
        canvas.Box(label, SkiaDrawing.Grey(240));
        for (float x = label.Left + 0.02f; x < label.Right - 0.03f;)
        {
            float bar = random.Pick<float>([0.008f, 0.012f, 0.02f]);
            canvas.Box(new SKRect(x, label.Top + 0.01f, x + bar, label.Bottom - 0.01f), SkiaDrawing.Grey(25));
            x += bar + random.Pick<float>([0.008f, 0.014f, 0.022f]);
        }
    }

    private void StarWheel(SKCanvas canvas)
    {
        float radius = random.Between(0.1f, 0.16f);
        if (Find(random.Between(-0.12f, 0.12f), away * random.Between(0.02f, 0.25f), 2 * radius, 2 * radius, 8) is not { } at) return;
        int teeth = random.Pick<int>([5, 6, 6, 8, 12]);
        Span<SKPoint> points = stackalloc SKPoint[teeth * 2];
        float phase = random.Between(0, MathF.PI);
        float waist = radius * random.Between(0.35f, 0.7f);
        for (int i = 0; i < points.Length; i++)
        {
            (float sin, float cos) = MathF.SinCos(phase + i * MathF.PI / teeth);
            float r = (i & 1) == 0 ? radius * 0.92f : waist;
            points[i] = new SKPoint(at.X + r * cos, at.Y + r * sin);
        }
        if (random.Chance(0.5)) canvas.Circle(at.X, at.Y, radius, scene.Face.Shade(0.7f));
        using SKPath star = SkiaDrawing.Polygon(points);
        canvas.Shape(star, random.Chance(0.7) ? black : scene.Accent);
        canvas.Circle(at.X, at.Y, radius * 0.16f, SkiaDrawing.Grey(150));
    }

    private void SubDial(SKCanvas canvas, int number)
    {
        float radius = random.Between(0.13f, 0.2f);
        float angle = MathF.PI / 2 * away + (number - 2) * 0.75f + random.Between(-0.2f, 0.2f);
        float far = random.Between(0.46f, 0.58f);
        if (Find(far * MathF.Cos(angle), far * MathF.Sin(angle), 2 * radius, 2 * radius, 6) is not { } at) return;
        if (random.Chance(0.5)) canvas.Circle(at.X, at.Y, radius, scene.Face.Mix(SKColors.White, 0.5f));
        canvas.Ring(at.X, at.Y, radius * 0.97f, 0.01f, black);
        for (int i = 0; i < 10; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / 10);
            canvas.Line(
                at.X + radius * 0.84f * cos, at.Y + radius * 0.84f * sin,
                at.X + radius * 0.96f * cos, at.Y + radius * 0.96f * sin, black, 0.01f);
            if (radius <= 0.14f) continue;
            float x = at.X + radius * 0.68f * sin, y = at.Y - radius * 0.68f * cos;
            strokes.Draw(canvas, (char)('0' + i), x, y, radius * 0.14f, radius * 0.24f, 0.14f, black);
        }
        (float needleY, float needleX) = MathF.SinCos(random.Between(0, MathF.Tau));
        SKColor red = random.Chance(0.85) ? new SKColor(0xC8, 0x22, 0x26) : black;
        float tip = radius * 0.78f, wide = radius * 0.16f;
        using SKPath needle = SkiaDrawing.Polygon(
            new(at.X + tip * needleX, at.Y + tip * needleY), new(at.X - wide * needleY, at.Y + wide * needleX),
            new(at.X - tip * 0.35f * needleX, at.Y - tip * 0.35f * needleY), new(at.X + wide * needleY, at.Y - wide * needleX));
        if (random.Chance(0.5)) canvas.Circle(at.X, at.Y, radius * 0.42f, red.Shade(0.95f));
        canvas.Shape(needle, red);
        canvas.Circle(at.X, at.Y, radius * 0.13f, red.Shade(0.6f));
    }

    private void Mark(SKCanvas canvas)
    {
        float width = random.Between(0.1f, 0.16f), height = random.Between(0.07f, 0.1f);
        if (Find(random.Between(-0.6f, 0.6f), random.Between(-0.6f, 0.6f), width, height, 5) is not { } at) return;
        canvas.Outline(Around(at, width, height), black, 0.012f, random.Chance(0.6) ? height / 2 : 0.01f);
        strokes.Write(canvas, random.Pick<string>(["A", "CE", "M19", "B", "PC"]), at.X, at.Y, height * 0.55f, 0.14f, black);
    }

    private void Arrow(SKCanvas canvas)
    {
        float length = random.Between(0.2f, 0.34f);
        if (Find(random.Between(-0.5f, 0.5f), random.Between(-0.7f, 0.7f), length, 0.1f, 8) is not { } at) return;
        float half = length / 2;
        SKColor tone = random.Chance(0.5) ? scene.Accent : black;
        canvas.Line(at.X - half, at.Y, at.X + half * 0.6f, at.Y, tone, 0.025f);
        using SKPath head = SkiaDrawing.Polygon(
            new(at.X + half, at.Y), new(at.X + half * 0.4f, at.Y - 0.05f), new(at.X + half * 0.4f, at.Y + 0.05f));
        canvas.Shape(head, tone);
    }

    private void Stripes(SKCanvas canvas)
    {
        float width = random.Between(0.05f, 0.08f), lean = random.Sign() * 0.16f, y = away * 0.6f;
        if (Find(0, y, 0.62f, 0.26f, 1) is not { } at) return;
        for (int i = -2; i <= 2; i++)
        {
            float x = at.X + i * width * 1.9f;
            using SKPath stripe = SkiaDrawing.Polygon(
                new(x - width / 2 + lean, at.Y - 0.13f), new(x + width / 2 + lean, at.Y - 0.13f),
                new(x + width / 2 - lean, at.Y + 0.13f), new(x - width / 2 - lean, at.Y + 0.13f));
            canvas.Shape(stripe, scene.Accent);
        }
    }

    // A coloured inspection sticker, put on by hand.
    private void Sticker(SKCanvas canvas)
    {
        float width = random.Between(0.22f, 0.5f), height = random.Between(0.16f, 0.26f);
        if (Find(random.Between(-0.4f, 0.4f), away * random.Between(0.2f, 0.6f), width, height, 10) is not { } at) return;
        SKColor tone = random.Pick<SKColor>([new(0xD8, 0x30, 0x30), new(0x3A, 0x8A, 0xC8), new(0xF0, 0xD0, 0x40), new(0x50, 0xA8, 0x50)]);
        canvas.Save();
        canvas.RotateDegrees(9 * random.Gaussian(), at.X, at.Y);
        canvas.Box(Around(at, width, height), tone, random.Chance(0.3) ? height / 2 : 0.01f);
        strokes.Write(canvas, random.Chance(0.5) ? "90\u00b0" : "2019", at.X, at.Y, height * 0.4f, 0.14f, SKColors.White);
        canvas.Restore();
    }

    // Finds a free place for a box of this size: the preferred one first, then random ones at growing distance.
    private SKPoint? Find(float x, float y, float width, float height, int tries)
    {
        for (int i = 0; i < tries; i++)
        {
            float spread = 0.09f * i;
            var at = new SKPoint(x + spread * random.Gaussian(), y + spread * random.Gaussian());
            SKRect box = Around(at, width, height);
            if (!IsOnFace(box) || IsTaken(box)) continue;
            taken.Add(SKRect.Inflate(box, 0.02f, 0.02f));
            return at;
        }
        return null;
    }

    private bool IsOnFace(SKRect box)
    {
        float x = MathF.Max(MathF.Abs(box.Left), MathF.Abs(box.Right)), y = MathF.Max(MathF.Abs(box.Top), MathF.Abs(box.Bottom));
        return x * x + y * y < 0.88f * scene.FaceRadius * scene.FaceRadius;
    }

    private bool IsTaken(SKRect box)
    {
        foreach (SKRect other in taken)
            if (other.IntersectsWith(box)) return true;
        return false;
    }

    private static SKRect Around(SKPoint centre, float width, float height) =>
        new(centre.X - width / 2, centre.Y - height / 2, centre.X + width / 2, centre.Y + height / 2);
}
