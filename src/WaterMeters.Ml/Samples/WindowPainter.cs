using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>Paints the window: frame, drums, digits, and the shadow of the frame on them.</summary>
internal sealed class WindowPainter(SampleScene scene, SampleRandom random, DigitStrokes strokes)
{
    private static readonly SKColor Paper = new(0xF3, 0xF1, 0xEA), Black = new(0x1B, 0x1B, 0x1D), Red = new(0xC4, 0x26, 0x2B);
    private readonly SKRect window = scene.Window;

    /// <summary>Paints in dial units. The content is clipped to the window; the frame lies outside it.</summary>
    public void Paint(SKCanvas canvas)
    {
        Frame(canvas);
        canvas.Save();
        canvas.ClipRect(window, SKClipOperation.Intersect, antialias: true);
        canvas.Box(window, Ground());
        Drums(canvas);
        Recess(canvas);
        canvas.Restore();
    }

    private void Frame(SKCanvas canvas)
    {
        float width = random.Between(0.018f, 0.05f), corner = random.Between(0, 0.04f);
        SKRect outer = SKRect.Inflate(window, width, width);
        int kind = random.Integer(0, 4);
        if (scene.WindowStyle == WindowStyle.Apertures) kind = random.Integer(3, 5);
        switch (kind)
        {
            case 0:
                canvas.Box(outer, Black, corner);
                break;
            case 1:
                canvas.Box(outer, scene.Accent, corner);
                canvas.Outline(outer, scene.Accent.Shade(0.6f), 0.008f, corner);
                break;
            case 2:
                SKColor edge = SkiaDrawing.Grey(110), middle = SkiaDrawing.Grey(215), end = SkiaDrawing.Grey(120);
                canvas.Box(outer, SkiaDrawing.Linear(outer.Left, outer.Top, outer.Right, outer.Bottom, edge, middle, end), corner);
                canvas.Outline(outer, SkiaDrawing.Grey(70), 0.008f, corner);
                break;
            case 3:
                canvas.Outline(SKRect.Inflate(window, 0.012f, 0.012f), SkiaDrawing.Grey(60), random.Between(0.01f, 0.022f));
                break;
            case 4:
                // A moulded edge: light on one side, dark on the other.
                canvas.Box(SKRect.Inflate(outer, 0.006f, 0.006f), scene.Face.Shade(0.62f), corner);
                canvas.Box(outer, scene.Face.Shade(0.93f), corner);
                break;
        }
    }

    private SKColor Ground() => scene.WindowStyle switch
    {
        WindowStyle.Strip => Paper.Shade(0.97f),
        WindowStyle.Apertures => scene.Face.Shade(0.97f),
        WindowStyle.BlackDrums => Black.Shade(0.7f),
        _ => random.Chance(0.5) ? Black : SkiaDrawing.Grey(95),
    };

    private void Drums(SKCanvas canvas)
    {
        float side = window.Width * random.Between(0.004f, 0.025f);
        float cell = (window.Width - 2 * side) / scene.Drums;
        float gap = cell * (scene.WindowStyle == WindowStyle.Apertures ? random.Between(0.2f, 0.3f) : random.Between(0.04f, 0.14f));
        float inset = window.Height * (scene.WindowStyle == WindowStyle.Apertures ? random.Between(0.1f, 0.2f) : random.Between(0, 0.08f));
        float digitHeight = (window.Height - 2 * inset) * random.Between(0.6f, 0.8f);
        float digitWidth = MathF.Min((cell - gap) * 0.78f, digitHeight * random.Between(0.5f, 0.68f));
        float weight = random.Between(0.09f, 0.16f), shade = random.Between(0.25f, 0.7f);
        bool redGround = scene.WindowStyle != WindowStyle.Strip && random.Chance(0.55);
        (int[] digits, float[] turns) = Reading();
        for (int i = 0; i < scene.Drums; i++)
        {
            float left = window.Left + side + i * cell;
            var drum = new SKRect(left + gap / 2, window.Top + inset, left + cell - gap / 2, window.Bottom - inset);
            bool red = i >= scene.Drums - scene.RedDrums;
            (SKColor ground, SKColor digit) = Colors(red, redGround);
            canvas.Save();
            if (scene.WindowStyle == WindowStyle.Strip)
            {
                if (i > 0) canvas.Line(left, window.Top, left, window.Bottom, SkiaDrawing.Grey(120), 0.006f);
            }
            else
            {
                canvas.ClipRect(drum, SKClipOperation.Intersect, antialias: true);
                canvas.Box(drum, ground);
            }
            for (int step = -1; step <= 1; step++)
            {
                float y = drum.MidY + (step - turns[i]) * drum.Height * 1.04f;
                strokes.Draw(canvas, (char)('0' + (digits[i] + step + 10) % 10), drum.MidX, y, digitWidth, digitHeight, weight, digit);
            }
            Round(canvas, drum, shade);
            canvas.Restore();
        }
    }

    private (SKColor Ground, SKColor Digit) Colors(bool red, bool redGround) => (scene.WindowStyle, red) switch
    {
        (WindowStyle.BlackDrums, true) => redGround ? (Red, Paper) : (Paper.Shade(0.95f), Red),
        (WindowStyle.BlackDrums, false) => (Black, Paper),
        (_, true) => redGround ? (Red, Paper) : (Paper, Red),
        _ => (Paper, Black),
    };

    // A drum turns with its right neighbour while that one goes from 9 to 0; in old meters drums are also slightly misaligned.
    private (int[] Digits, float[] Turns) Reading()
    {
        int count = scene.Drums;
        var digits = new int[count];
        var turns = new float[count];
        int zeros = random.Integer(0, 3);
        for (int i = zeros; i < count; i++) digits[i] = random.Integer(0, 9);
        if (random.Chance(0.7)) turns[count - 1] = random.Between(0, 0.95f);
        for (int i = count - 2; i >= 0 && digits[i + 1] == 9; i--) turns[i] = turns[i + 1];
        if (random.Chance(0.25)) turns[random.Integer(0, count - 1)] = random.Between(0.2f, 0.8f);
        for (int i = 0; i < count; i++) turns[i] += 0.035f * random.Gaussian();
        return (digits, turns);
    }

    private static void Round(SKCanvas canvas, SKRect drum, float shade)
    {
        SKColor dark = SKColors.Black.Alpha(shade), clear = SKColors.Black.Alpha(0);
        canvas.Box(drum, SkiaDrawing.Linear(0, drum.Top, 0, drum.Bottom, dark, clear, SKColors.White.Alpha(shade * 0.2f), clear, dark));
    }

    private void Recess(SKCanvas canvas)
    {
        SKColor shadow = SKColors.Black.Alpha(random.Between(0.3f, 0.7f)), clear = SKColors.Black.Alpha(0);
        float depth = window.Height * random.Between(0.1f, 0.35f);
        canvas.Box(
            new SKRect(window.Left, window.Top, window.Right, window.Top + depth),
            SkiaDrawing.Linear(0, window.Top, 0, window.Top + depth, shadow, clear));
        bool fromLeft = random.Chance(0.5);
        float start = fromLeft ? window.Left : window.Right, end = fromLeft ? start + depth : start - depth;
        canvas.Box(window, SkiaDrawing.Linear(start, 0, end, 0, shadow, clear));
    }
}
