using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>Repairs of photos: only the storage format changes, not the pixels.</summary>
internal static class PhotoRepair
{
    /// <summary>Returns the checks whose findings can be repaired.</summary>
    /// <exception cref="PhotoException">The photo can no longer be read.</exception>
    public static RepairChoice Choose(PhotoFacts? photo, string path)
    {
        if (photo is not { Header: { Format: ImageFormat.Png } header }) return RepairChoice.None;
        DatasetCheck[] found =
        [
            .. header.BitDepth == 16 ? [DatasetCheck.SixteenBit] : Array.Empty<DatasetCheck>(),
            .. header.IsPalette ? [DatasetCheck.Palette] : Array.Empty<DatasetCheck>(),
        ];
        return found.Length == 0 ? RepairChoice.None : new RepairChoice(found, Refusal(header, path));
    }

    /// <summary>Returns the photo as this module reads it: upright, without transparency, which is ignored.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    public static Raster Apply(string path)
    {
        var photo = ImageReader.ReadPhoto(path);
        var pixels = photo.Pixels;
        for (int i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        return photo;
    }

    private static string? Refusal(PhotoHeader header, string path)
    {
        if (header.Orientation != 1)
        {
            return "Not changed: the photo has an EXIF orientation, and saved again it would be unknown "
                + "which version its mask was drawn on. Rotate photo and mask together in an image editor.";
        }

        if (header.HasAlpha && !IsOpaque(path))
        {
            return "Not changed: the photo has transparent pixels, which a plain PNG does not keep. Use the original photo.";
        }

        var png = PngSamples.Open(SafeFileWriter.Read(path), path);
        if (header.IsPalette)
        {
            return HasTwinColours(png)
                ? "Not changed: several palette indices of the photo have the same colour, so a plain PNG would lose what they tell apart. "
                    + "Use the original photo."
                : null;
        }

        return UsesAllBits(png, out int highest)
            ? FormattableString.Invariant($"Not changed: the photo uses more than 8 of its 16 bits (highest value: {highest} of 65535), ")
                + "and a PNG of 8 bits would lose them. Export it again with 8 bits from the program that made it."
            : null;
    }

    private static bool IsOpaque(string path)
    {
        using var photo = ImageReader.ReadPhoto(path);
        var pixels = photo.Pixels;
        for (int i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] != 255) return false;
        }

        return true;
    }

    /// <summary>Returns whether two indices that occur have the same colour.</summary>
    private static bool HasTwinColours(PngSamples png)
    {
        var used = new bool[256];
        png.Read((samples, _, _, _) =>
        {
            foreach (ushort index in samples) used[index] = true;
        });
        var colours = Enumerable.Range(0, 256).Where(index => used[index])
            .Select(index => Convert.ToHexString(png.Palette.Skip(3 * index).Take(3).ToArray())).ToList();
        return colours.Distinct().Count() < colours.Count;
    }

    /// <summary>
    /// Returns whether the lower 8 bits say more than the upper ones. They do not if they are always 0, or always repeat the upper ones:
    /// so programs write 8 bits as 16. Transparency does not count: the photo is opaque.
    /// </summary>
    private static bool UsesAllBits(PngSamples png, out int highest)
    {
        bool isShifted = true, isRepeated = true;
        int most = 0;
        png.Read((samples, _, _, _) =>
        {
            for (int i = 0; i < samples.Length; i += png.Channels)
            {
                foreach (ushort value in samples.Slice(i, png.ColourChannels))
                {
                    if ((value & 0xff) != 0) isShifted = false;
                    if ((value & 0xff) != value >> 8) isRepeated = false;
                    most = Math.Max(most, value);
                }
            }
        });
        highest = most;
        return !isShifted && !isRepeated;
    }
}
