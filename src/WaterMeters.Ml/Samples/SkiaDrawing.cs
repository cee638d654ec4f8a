using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>Drawing helpers: each creates its paint, draws and disposes it. Shaders passed in are disposed here.</summary>
internal static class SkiaDrawing
{
    public static SKColor Grey(float value) => new(Byte(value), Byte(value), Byte(value));

    /// <summary>Returns the colour made darker (factor below 1) or lighter (above 1).</summary>
    public static SKColor Shade(this SKColor color, float factor) =>
        new(Byte(color.Red * factor), Byte(color.Green * factor), Byte(color.Blue * factor), color.Alpha);

    public static SKColor Mix(this SKColor from, SKColor to, float part) => new(
        Byte(from.Red + (to.Red - from.Red) * part),
        Byte(from.Green + (to.Green - from.Green) * part),
        Byte(from.Blue + (to.Blue - from.Blue) * part),
        Byte(from.Alpha + (to.Alpha - from.Alpha) * part));

    /// <summary>Returns the colour with an opacity of 0..1.</summary>
    public static SKColor Alpha(this SKColor color, float opacity) => color.WithAlpha(Byte(opacity * 255));

    public static void Circle(this SKCanvas canvas, float x, float y, float radius, SKColor color)
    {
        using SKPaint paint = Fill(color);
        canvas.DrawCircle(x, y, radius, paint);
    }

    public static void Circle(this SKCanvas canvas, float x, float y, float radius, SKShader shader)
    {
        using SKPaint paint = Fill(shader);
        canvas.DrawCircle(x, y, radius, paint);
    }

    public static void Ring(this SKCanvas canvas, float x, float y, float radius, float width, SKColor color)
    {
        using SKPaint paint = Stroke(color, width);
        canvas.DrawCircle(x, y, radius, paint);
    }

    public static void Box(this SKCanvas canvas, SKRect rect, SKColor color, float corner = 0)
    {
        using SKPaint paint = Fill(color);
        canvas.DrawRoundRect(rect, corner, corner, paint);
    }

    public static void Box(this SKCanvas canvas, SKRect rect, SKShader shader, float corner = 0)
    {
        using SKPaint paint = Fill(shader);
        canvas.DrawRoundRect(rect, corner, corner, paint);
    }

    public static void Outline(this SKCanvas canvas, SKRect rect, SKColor color, float width, float corner = 0)
    {
        using SKPaint paint = Stroke(color, width);
        canvas.DrawRoundRect(rect, corner, corner, paint);
    }

    public static void Line(this SKCanvas canvas, float x0, float y0, float x1, float y1, SKColor color, float width)
    {
        using SKPaint paint = Stroke(color, width);
        canvas.DrawLine(x0, y0, x1, y1, paint);
    }

    public static void Shape(this SKCanvas canvas, SKPath path, SKColor color, float blur = 0)
    {
        using SKPaint paint = Fill(color);
        using SKMaskFilter? filter = blur > 0.3f ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, blur) : null;
        paint.MaskFilter = filter;
        canvas.DrawPath(path, paint);
    }

    public static void Shape(this SKCanvas canvas, SKPath path, SKShader shader)
    {
        using SKPaint paint = Fill(shader);
        canvas.DrawPath(path, paint);
    }

    public static void Curve(this SKCanvas canvas, SKPath path, SKColor color, float width)
    {
        using SKPaint paint = Stroke(color, width);
        canvas.DrawPath(path, paint);
    }

    public static SKPath Polygon(params ReadOnlySpan<SKPoint> points)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly(points, true);
        return builder.Detach();
    }

    public static SKPath Cubic(SKPoint from, SKPoint control1, SKPoint control2, SKPoint to)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(from);
        builder.CubicTo(control1, control2, to);
        return builder.Detach();
    }

    /// <summary>Returns a closed, slightly irregular round shape: dirt, a stone, a drop.</summary>
    public static SKPath Blob(SampleRandom random, float x, float y, float radius, float roughness)
    {
        const int Corners = 9;
        Span<SKPoint> points = stackalloc SKPoint[Corners];
        for (int i = 0; i < Corners; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / Corners);
            float r = radius * random.Between(1 - roughness, 1 + roughness);
            points[i] = new SKPoint(x + r * cos, y + r * sin);
        }
        using var builder = new SKPathBuilder();
        builder.MoveTo(Middle(points[^1], points[0]));
        for (int i = 0; i < Corners; i++) builder.QuadTo(points[i], Middle(points[i], points[(i + 1) % Corners]));
        builder.Close();
        return builder.Detach();
    }

    public static SKShader Linear(float x0, float y0, float x1, float y1, params SKColor[] colors) =>
        SKShader.CreateLinearGradient(new SKPoint(x0, y0), new SKPoint(x1, y1), colors, SKShaderTileMode.Clamp);

    public static SKShader Radial(float x, float y, float radius, params SKColor[] colors) =>
        SKShader.CreateRadialGradient(new SKPoint(x, y), radius, colors, SKShaderTileMode.Clamp);

    private static SKPaint Fill(SKColor color) => new() { Color = color, IsAntialias = true };

    private static SKPaint Fill(SKShader shader)
    {
        using (shader) return new SKPaint { Shader = shader, IsAntialias = true };
    }

    private static SKPaint Stroke(SKColor color, float width) => new()
    {
        Color = color,
        IsAntialias = true,
        IsStroke = true,
        StrokeWidth = width,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };

    private static SKPoint Middle(SKPoint a, SKPoint b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);

    private static byte Byte(float value) => (byte)Math.Clamp(value, 0f, 255f);
}
