using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>Paints the meter's register, from the ring of the case to the paper of the face, in dial units.</summary>
internal sealed class MeterPainter(SampleScene scene, SampleRandom random, NoiseTile noise)
{
    private enum Rim
    {
        Chrome,
        Clear,
        Colored,
        Dark,
    }

    private readonly Rim rim = random.Pick<Rim>([Rim.Chrome, Rim.Clear, Rim.Clear, Rim.Colored, Rim.Colored, Rim.Dark]);

    public void Paint(SKCanvas canvas)
    {
        if (random.Chance(0.14)) Lid(canvas);
        Wall(canvas);
        Ring(canvas);
        Face(canvas);
    }

    // A hinged cover, open, beside the dial.
    private void Lid(SKCanvas canvas)
    {
        (float sin, float cos) = MathF.SinCos(random.Between(0, MathF.Tau));
        float x = 1.75f * cos, y = 1.75f * sin;
        SKColor tone = scene.Accent;
        canvas.Circle(
            x, y, 1.02f,
            SkiaDrawing.Linear(x - 0.8f, y - 0.8f, x + 0.8f, y + 0.8f, tone.Mix(SKColors.White, 0.2f), tone, tone.Shade(0.5f)));
        canvas.Circle(x, y, 0.9f, SkiaDrawing.Radial(x + 0.2f, y + 0.2f, 1f, tone.Shade(0.95f), tone.Shade(0.6f)));
        canvas.Ring(x, y, 0.9f, 0.02f, tone.Shade(0.4f));
        canvas.Line(0.9f * cos, 0.9f * sin, 1.1f * cos, 1.1f * sin, tone.Shade(0.5f), 0.3f);
    }

    // The side of the cylinder: discs from its foot up to the rim.
    private void Wall(SKCanvas canvas)
    {
        const int Steps = 7;
        SKColor tone = Tone();
        for (int i = Steps; i > 0; i--)
        {
            float part = i / (float)Steps;
            canvas.Circle(scene.Tilt.X * part, scene.Tilt.Y * part, 1.01f, tone.Shade(0.42f + 0.3f * (i & 1) + 0.1f * (1 - part)));
        }
    }

    private SKColor Tone() => rim switch
    {
        Rim.Chrome => new SKColor(0xB4, 0xB6, 0xB8),
        Rim.Clear => scene.Face.Shade(0.8f),
        Rim.Colored => scene.Accent,
        _ => new SKColor(0x3A, 0x3A, 0x3C),
    };

    private void Ring(SKCanvas canvas)
    {
        SKColor tone = Tone();
        float width = 1 - scene.FaceRadius;
        canvas.Circle(0, 0, 1, Lights(tone, rim == Rim.Chrome ? 0.55f : 0.28f));
        canvas.Ring(0, 0, 0.99f, 0.016f, tone.Shade(0.45f));
        canvas.Ring(0, 0, 1 - width * 0.35f, width * 0.14f, tone.Mix(SKColors.White, 0.45f).Alpha(0.7f));
        canvas.Ring(0, 0, 1 - width * 0.62f, width * 0.16f, tone.Shade(0.5f).Alpha(0.7f));
        if (random.Chance(0.45))
        {
            int ribs = random.Integer(24, 70);
            for (int i = 0; i < ribs; i++)
            {
                (float sin, float cos) = MathF.SinCos(i * MathF.Tau / ribs);
                canvas.Line(0.955f * cos, 0.955f * sin, 0.995f * cos, 0.995f * sin, tone.Shade(0.4f).Alpha(0.7f), 0.014f);
            }
        }
        for (int i = random.Chance(0.3) ? random.Integer(2, 4) : 0; i > 0; i--) Screw(canvas, i);
        canvas.Ring(0, 0, scene.FaceRadius + 0.01f, 0.03f, SKColors.Black.Alpha(0.55f));
    }

    private SKShader Lights(SKColor tone, float depth)
    {
        const int Stops = 13;
        var colors = new SKColor[Stops];
        for (int i = 0; i < Stops - 1; i++) colors[i] = tone.Shade(1 - depth / 2 + depth * random.Between(-0.8f, 1));
        colors[^1] = colors[0];
        return SKShader.CreateSweepGradient(default, colors);
    }

    private void Screw(SKCanvas canvas, int number)
    {
        (float sin, float cos) = MathF.SinCos(number * 2.1f + random.Between(0, 0.6f));
        float x = 1.03f * cos, y = 1.03f * sin, radius = random.Between(0.05f, 0.075f);
        canvas.Circle(x, y, radius * 1.25f, SkiaDrawing.Grey(50));
        canvas.Circle(
            x, y, radius,
            SkiaDrawing.Linear(x - radius, y - radius, x + radius, y + radius, SkiaDrawing.Grey(225), SkiaDrawing.Grey(110)));
        float turn = random.Between(0, MathF.PI);
        float dx = radius * 0.75f * MathF.Cos(turn), dy = radius * 0.75f * MathF.Sin(turn);
        canvas.Line(x - dx, y - dy, x + dx, y + dy, SkiaDrawing.Grey(40), radius * 0.3f);
    }

    private void Face(SKCanvas canvas)
    {
        SKColor paper = scene.Face;
        float radius = scene.FaceRadius;
        float lightX = random.Between(-0.3f, 0.3f), lightY = random.Between(-0.3f, 0.3f);
        canvas.Circle(0, 0, radius, SkiaDrawing.Radial(lightX, lightY, 1.3f * radius, paper.Shade(1.02f), paper, paper.Shade(0.82f)));
        noise.Roughen(random, 0.012f * scene.Radius, random.Between(0.03f, 0.16f), within: scene.Disc(radius));
        if (random.Chance(0.3))
        {
            SKColor stain = new SKColor(0x8A, 0x6E, 0x40).Alpha(random.Between(0.1f, 0.4f));
            noise.Stain(random, 0.012f * scene.Radius, stain, within: scene.Disc(radius));
        }

        // The shadow of the rim on the recessed face.
        (float sin, float cos) = MathF.SinCos(random.Between(0, MathF.Tau));
        SKColor dark = SKColors.Black.Alpha(random.Between(0.2f, 0.5f));
        canvas.Circle(0, 0, radius, SKShader.CreateRadialGradient(
            new SKPoint(0.09f * cos, 0.09f * sin), radius,
            [SKColors.Black.Alpha(0), SKColors.Black.Alpha(0), dark], [0, 0.86f, 1], SKShaderTileMode.Clamp));
    }
}
