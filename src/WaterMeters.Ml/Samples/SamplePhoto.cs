using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>One drawn photo, as the bytes of a JPEG file, with its scene.</summary>
internal sealed record SamplePhoto(SampleScene Scene, byte[] Jpeg)
{
    private const int JpegQuality = 90;

    /// <summary>Draws photo number <paramref name="index"/>; the same arguments give the same bytes.</summary>
    /// <param name="seed">Seed of the data set.</param>
    /// <param name="index">Number of the photo in the data set.</param>
    /// <param name="size">Longer edge, in pixels.</param>
    /// <param name="stop">Checked between painting steps, because a large photo takes seconds.</param>
    public static SamplePhoto Draw(int seed, int index, int size, CancellationToken stop = default)
    {
        SampleRandom random = SampleRandom.ForPhoto(seed, index, size);
        SampleScene scene = SampleScene.Create(random.Split(), size);
        using var sharp = new SKBitmap(new SKImageInfo(scene.Width, scene.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var noise = new NoiseTile(random.Split(), sharp);
        var light = new LightAndDirt(scene, random.Split(), noise);
        Paint(scene, random, sharp, noise, light, stop);
        var camera = new CameraEffects(scene, random.Split());
        using SKBitmap image = camera.Blur(sharp);
        stop.ThrowIfCancellationRequested();
        camera.Expose(image);
        stop.ThrowIfCancellationRequested();
        using (var canvas = new SKCanvas(image)) light.PaintFlash(canvas);
        using SKPixmap pixels = image.PeekPixels();
        var options = new SKJpegEncoderOptions(JpegQuality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        using SKData data = pixels.Encode(options) ?? throw new InvalidOperationException("Cannot encode the photo as JPEG.");
        return new SamplePhoto(scene, data.ToArray());
    }

    private static void Paint(
        SampleScene scene, SampleRandom random, SKBitmap image, NoiseTile noise, LightAndDirt light, CancellationToken stop)
    {
        using var canvas = new SKCanvas(image);
        using var strokes = new DigitStrokes();
        new BackgroundPainter(scene, random.Split(), noise).Paint(canvas);
        stop.ThrowIfCancellationRequested();
        new PipePainter(scene, random.Split(), noise).Paint(canvas);
        stop.ThrowIfCancellationRequested();
        canvas.Save();
        canvas.Concat(scene.Dial);
        new MeterPainter(scene, random.Split(), noise).Paint(canvas);
        stop.ThrowIfCancellationRequested();
        new FacePrintPainter(scene, random.Split(), strokes).Paint(canvas);
        stop.ThrowIfCancellationRequested();
        new WindowPainter(scene, random.Split(), strokes).Paint(canvas);
        light.PaintGlass(canvas);
        canvas.Restore();
        light.PaintShadow(canvas);
        stop.ThrowIfCancellationRequested();
    }
}
