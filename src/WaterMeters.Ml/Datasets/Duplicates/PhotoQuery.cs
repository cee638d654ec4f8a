using System.Numerics;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>The hashes and sketches of one photo in all symmetries, for comparison with earlier photos. Not thread-safe.</summary>
internal sealed class PhotoQuery
{
    private readonly PhotoFingerprints fingerprints;
    private readonly int photo;
    private readonly ulong[] turned = new ulong[Symmetry.All.Count];
    private readonly ulong[] turnedCrops = new ulong[Symmetry.All.Count * ThumbnailWarp.Crops.Count];

    // By position, then by symmetry; drawn on demand.
    private readonly sbyte[]?[] sketches = new sbyte[]?[ThumbnailWarp.Positions.Count * Symmetry.All.Count];

    /// <summary>Computes the hashes of a photo in all symmetries.</summary>
    public PhotoQuery(PhotoFingerprints fingerprints, int photo)
    {
        (this.fingerprints, this.photo) = (fingerprints, photo);
        var crops = fingerprints.Crops(photo);
        for (int i = 0; i < turned.Length; i++)
        {
            turned[i] = new PerceptualHash(fingerprints.Whole[photo]).After(Symmetry.All[i]).Bits;
            for (int crop = 0; crop < crops.Length; crop++)
            {
                turnedCrops[(i * crops.Length) + crop] = new PerceptualHash(crops[crop]).After(Symmetry.All[i]).Bits;
            }
        }
    }

    /// <summary>
    /// Returns the first photo in [<paramref name="start"/>, <paramref name="end"/>) that is close in some symmetry, or
    /// <paramref name="end"/>.
    /// </summary>
    public int Next(int start, int end)
    {
        var hashes = fingerprints.Whole[..end];
        for (int other = start; other < hashes.Length; other++)
        {
            ulong hash = hashes[other];
            for (int i = 0; i < turned.Length; i++)
            {
                if (BitOperations.PopCount(turned[i] ^ hash) <= PhotoFingerprints.MostWholeDistance
                    && Closest(other, i).Distance <= PhotoFingerprints.MostDistance) return other;
            }
        }

        return end;
    }

    /// <summary>
    /// Returns the smallest number of signs that differ between this photo in a symmetry and another one, with both whole or one of them
    /// cropped.
    /// </summary>
    /// <returns>
    /// The number; and where the cells of this photo lie in the other one after the inverse symmetry, an index into
    /// <see cref="ThumbnailWarp.Positions"/>.
    /// </returns>
    public (int Distance, int Position) Closest(int other, int symmetry)
    {
        ulong hash = fingerprints.Whole[other], mine = turned[symmetry];
        var others = fingerprints.Crops(other);
        var cropped = turnedCrops.AsSpan(symmetry * others.Length, others.Length);
        int least = BitOperations.PopCount(mine ^ hash), best = -1;
        for (int crop = 0; crop < others.Length; crop++)
        {
            int ofMine = BitOperations.PopCount(cropped[crop] ^ hash);
            if (ofMine < least) (least, best) = (ofMine, crop);
            int ofOther = BitOperations.PopCount(mine ^ others[crop]);
            if (ofOther < least) (least, best) = (ofOther, others.Length + crop);
        }

        if (best < 0) return (least, 0);
        return (least, 1 + (best < others.Length ? best : others.Length + CropAfterInverse(symmetry, best - others.Length)));
    }

    /// <summary>Returns whether this photo in a symmetry, at a position on another one, may show the same scene.</summary>
    public bool Resembles(int other, int symmetry, int position) =>
        ThumbnailSketch.MayMatch(Sketch(symmetry, position), fingerprints.Sketch(other));

    private sbyte[] Sketch(int symmetry, int position)
    {
        int at = (position * Symmetry.All.Count) + symmetry;
        if (sketches[at] is { } drawn) return drawn;
        var sketch = new sbyte[ThumbnailSketch.Length];
        if (symmetry == 0)
        {
            Span<byte> seen = stackalloc byte[Thumbnail.Area];
            ThumbnailWarp.Positions[position].Inverse().Resample(fingerprints.Cells(photo), seen);
            ThumbnailSketch.Draw(seen, sketch);
        }
        else
        {
            ThumbnailSketch.Turn(Sketch(0, position), Symmetry.All[symmetry], sketch);
        }

        return sketches[at] = sketch;
    }

    /// <summary>Returns the index of a crop of the other photo after the inverse symmetry.</summary>
    private static int CropAfterInverse(int symmetry, int crop)
    {
        var back = Symmetry.All[symmetry].Inverse();
        int turned = 0;
        while (back.Source(ThumbnailWarp.CropPositions[turned]) != ThumbnailWarp.CropPositions[crop]) turned++;
        return turned;
    }
}
