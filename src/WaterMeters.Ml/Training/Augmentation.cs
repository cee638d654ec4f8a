using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>
/// Random changes of a photo and its mask. They depend only on (seed, epoch, photo), not on the thread. Rotation comes before the contrast
/// stretch and brightness after all preprocessing, as in the legacy pipeline.
/// </summary>
internal sealed class Augmentation(TrainingOptions options)
{
    /// <summary>Whether photos must be only resized, because they may be rotated before the rest of the preprocessing.</summary>
    public bool Rotates => options.RotationProbability > 0 && options.RotationDegrees > 0;

    /// <summary>Writes a changed photo and mask.</summary>
    /// <param name="photo">The photo; its planes are normalized unless <see cref="Rotates"/>.</param>
    /// <param name="store">The store it came from.</param>
    /// <param name="random">The photo's own random numbers of this epoch.</param>
    /// <param name="image">Receives [S, S, 3] in 0..1: channels last, the fastest layout for convolutions.</param>
    /// <param name="mask">Receives [S, S], 0 or 1.</param>
    public void Apply(SquarePhoto photo, PlaneStore store, DeterministicRandom random, Span<float> image, Span<float> mask)
    {
        // All random numbers are drawn for every photo, so that switching one change off leaves the others the same.
        bool mirror = random.NextDouble() < options.HorizontalFlip;
        bool upsideDown = random.NextDouble() < options.VerticalFlip;
        double degrees = random.NextDouble(-options.RotationDegrees, options.RotationDegrees);
        bool rotate = random.NextDouble() < options.RotationProbability && Rotates;
        double brightness = random.NextDouble(0.8, 1.2);
        if (random.NextDouble() >= options.BrightnessProbability) brightness = 1;

        if (!Rotates)
        {
            Write(photo, mirror, upsideDown, brightness, image, mask);
            return;
        }

        using var source = store.Borrow();
        if (rotate)
        {
            Rotation.Apply(photo, degrees, source);
        }
        else
        {
            photo.Planes.CopyTo(source.Planes, 0);
            photo.Mask.CopyTo(source.Mask, 0);
        }

        store.Normalize(source.Planes);
        Write(source, mirror, upsideDown, brightness, image, mask);
    }

    /// <summary>Writes a photo unchanged.</summary>
    public static void Copy(SquarePhoto photo, Span<float> image, Span<float> mask) => Write(photo, false, false, 1, image, mask);

    private static void Write(
        SquarePhoto photo, bool mirror, bool upsideDown, double brightness, Span<float> image, Span<float> mask)
    {
        Span<float> levels = stackalloc float[256];
        for (int level = 0; level < 256; level++) levels[level] = (float)Math.Min(1, level / 255f * brightness);

        int size = photo.Size, area = size * size;
        ReadOnlySpan<byte> red = photo.Planes.AsSpan(0, area), green = photo.Planes.AsSpan(area, area);
        var blue = photo.Planes.AsSpan(2 * area, area);
        int step = mirror ? -1 : 1;
        for (int y = 0; y < size; y++)
        {
            int from = ((upsideDown ? size - 1 - y : y) * size) + (mirror ? size - 1 : 0);
            var row = image.Slice(y * size * 3, size * 3);
            var maskRow = mask.Slice(y * size, size);
            for (int x = 0, to = 0; x < size; x++, from += step, to += 3)
            {
                row[to] = levels[red[from]];
                row[to + 1] = levels[green[from]];
                row[to + 2] = levels[blue[from]];
                maskRow[x] = photo.Mask[from];
            }
        }
    }
}
