using SkiaSharp;

namespace WaterMeters.Ml.Samples;

/// <summary>One drawn photo, as the bytes of a JPEG file, with the geometry it was drawn by.</summary>
internal sealed record SamplePhoto(SampleScene Scene, byte[] Jpeg)
{
    private const int JpegQuality = 90;

    /// <summary>Draws photo number <paramref name="index"/>; the same arguments give the same bytes.</summary>
    /// <param name="seed">Chooses the set.</param>
    /// <param name="index">Number of the photo in it.</param>
    /// <param name="size">Longer edge, pixels.</param>
    /// <param name="stop">Ends the drawing between two of its parts: a large photo takes seconds.</param>
    public static SamplePhoto Draw(int seed, int index, int size, CancellationToken stop = default)
    {
        SampleRandom random = SampleRandom.ForPhoto(seed, index, size);
        SampleScene scene = SampleScene.Create(random.Split(), size);
        using var sharp = new SKBitmap(new SKImageInfo(scene.Width, scene.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var noise = new NoiseTile(random.Split(), sharp);
        var light = new LightAndDirt(scene, random.Split(), noise);
        Paint(scene, random, sharp, noise, light, stop);
        var camera = new CameraEffects(scene, random.Split());
        using SKBitmap seen = camera.Focus(sharp);
        stop.ThrowIfCancellationRequested();
        camera.Expose(seen);
        stop.ThrowIfCancellationRequested();
        using (var canvas = new SKCanvas(seen)) light.Flash(canvas);
        using SKPixmap pixels = seen.PeekPixels();
        using SKData data = pixels.Encode(new SKJpegEncoderOptions(JpegQuality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore))
            ?? throw new InvalidOperationException("The photo could not be encoded as JPEG.");
        return new SamplePhoto(scene, data.ToArray());
    }

    private static void Paint(SampleScene scene, SampleRandom random, SKBitmap image, NoiseTile noise, LightAndDirt light, CancellationToken stop)
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
        light.Glass(canvas);
        canvas.Restore();
        light.Shade(canvas);
        stop.ThrowIfCancellationRequested();
    }
}
