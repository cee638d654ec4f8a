using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>Compares two masks of one photo, regardless of how they are stored.</summary>
internal static class MaskComparer
{
    /// <summary>
    /// Returns whether a pair's mask equals the mask at a path: by its bytes, its foreground, or its foreground after repairs.
    /// </summary>
    /// <exception cref="PhotoException">The pair's own mask cannot be read.</exception>
    public static bool IsSame(PairFacts facts, string otherMask)
    {
        if (IsSameFile(facts.Pair.MaskPath, otherMask)) return true;
        using var mask = StoredMask.ReadBinary(facts.Pair.MaskPath);
        if (TryBinary(otherMask) is not { } other) return false;
        using (other)
        {
            if (IsSame(mask, other)) return true;
            if (MaskRepair.Choose(facts) is not { IsPossible: true } choice) return false;
            using var repaired = MaskRepair.Apply(facts, choice.Repairs);
            return IsSame(repaired, other);
        }
    }

    /// <summary>Returns whether two files have the same content; false if one cannot be read.</summary>
    public static bool IsSameFile(string one, string two)
    {
        try
        {
            return new FileInfo(one).Length == new FileInfo(two).Length && FileHash.Compute(one) == FileHash.Compute(two);
        }
        catch (Exception e) when (e is PhotoException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Raster? TryBinary(string path)
    {
        try
        {
            return StoredMask.ReadBinary(path);
        }
        catch (PhotoException)
        {
            return null;
        }
    }

    private static bool IsSame(Raster one, Raster two) =>
        one.Width == two.Width && one.Height == two.Height && one.Pixels.SequenceEqual(two.Pixels);
}
