using System.Numerics;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>One photo's hashes and sketches, turned and mirrored, to hold against those of earlier photos; one thread at a time.</summary>
internal sealed class PhotoQuery
{
    private readonly PhotoFingerprints looks;
    private readonly int photo;
    private readonly ulong[] turned = new ulong[Symmetry.All.Count];
    private readonly ulong[] turnedCrops = new ulong[Symmetry.All.Count * ThumbnailWarp.Crops.Count];

    // By place, then by symmetry; drawn when one is asked for.
    private readonly sbyte[]?[] sketches = new sbyte[]?[ThumbnailWarp.Places.Count * Symmetry.All.Count];

    /// <summary>Turns the hashes of a photo.</summary>
    public PhotoQuery(PhotoFingerprints looks, int photo)
    {
        (this.looks, this.photo) = (looks, photo);
        var crops = looks.Crops(photo);
        for (int i = 0; i < turned.Length; i++)
        {
            turned[i] = new PerceptualHash(looks.Whole[photo]).After(Symmetry.All[i]).Bits;
            for (int crop = 0; crop < crops.Length; crop++) turnedCrops[(i * crops.Length) + crop] = new PerceptualHash(crops[crop]).After(Symmetry.All[i]).Bits;
        }
    }

    /// <summary>The next photo before <paramref name="end"/>, from <paramref name="start"/> on, that is close in some symmetry; <paramref name="end"/> when there is none.</summary>
    public int Next(int start, int end)
    {
        var hashes = looks.Whole[..end];
        for (int other = start; other < hashes.Length; other++)
        {
            ulong hash = hashes[other];
            for (int i = 0; i < turned.Length; i++)
            {
                if (BitOperations.PopCount(turned[i] ^ hash) <= PhotoFingerprints.MostWholeDistance && Closest(other, i).Distance <= PhotoFingerprints.MostDistance) return other;
            }
        }

        return end;
    }

    /// <summary>The signs that differ between this photo in a symmetry and another one, as they are or one of them cropped, whichever are fewest.</summary>
    /// <returns>Their number, and where the cells of this photo lie in the other one, turned back by the symmetry: one of <see cref="ThumbnailWarp.Places"/>.</returns>
    public (int Distance, int Place) Closest(int other, int symmetry)
    {
        ulong hash = looks.Whole[other], mine = turned[symmetry];
        var others = looks.Crops(other);
        var cropped = turnedCrops.AsSpan(symmetry * others.Length, others.Length);
        int least = BitOperations.PopCount(mine ^ hash), best = -1;
        for (int crop = 0; crop < others.Length; crop++)
        {
            int ofMine = BitOperations.PopCount(cropped[crop] ^ hash);
            if (ofMine < least) (least, best) = (ofMine, crop);
            int ofOther = BitOperations.PopCount(mine ^ others[crop]);
            if (ofOther < least) (least, best) = (ofOther, others.Length + crop);
        }

        return (least, best < 0 ? 0 : best < others.Length ? 1 + best : 1 + others.Length + TurnedBack(symmetry, best - others.Length));
    }

    /// <summary>Whether this photo in a symmetry, laid on another one at a place, looks like it at all.</summary>
    public bool Resembles(int other, int symmetry, int place) => ThumbnailSketch.MayBeOne(Sketch(symmetry, place), looks.Sketch(other));

    private sbyte[] Sketch(int symmetry, int place)
    {
        int at = (place * Symmetry.All.Count) + symmetry;
        if (sketches[at] is { } drawn) return drawn;
        var sketch = new sbyte[ThumbnailSketch.Length];
        if (symmetry == 0)
        {
            Span<byte> seen = stackalloc byte[Thumbnail.Area];
            ThumbnailWarp.Places[place].Inverse().Resample(looks.Cells(photo), seen);
            ThumbnailSketch.Draw(seen, sketch);
        }
        else
        {
            ThumbnailSketch.Turn(Sketch(0, place), Symmetry.All[symmetry], sketch);
        }

        return sketches[at] = sketch;
    }

    /// <summary>A crop of the other photo, once that is turned back.</summary>
    private static int TurnedBack(int symmetry, int crop)
    {
        var back = Symmetry.All[symmetry].Inverse();
        int turned = 0;
        while (back.Source(ThumbnailWarp.CropPlaces[turned]) != ThumbnailWarp.CropPlaces[crop]) turned++;
        return turned;
    }
}
