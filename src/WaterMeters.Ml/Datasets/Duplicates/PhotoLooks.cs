using System.Numerics;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// The hashes of photos, as they are and as they would be when cropped to 95 % towards the middle and each corner: a photo that somebody
/// cropped is close to one of them, wherever that was done, and a whole photo is close to the first.
/// </summary>
internal sealed class PhotoLooks
{
    /// <summary>Signs that may differ: copies cropped to 95 % differ in up to 8, and of different photos one pair in 1,600 in 10 or fewer.</summary>
    public const int MostDistance = 10;

    /// <summary>Whole photos of which one is a crop of the other differ in no more; of others most do, and their crops are not looked at.</summary>
    public const int MostWholeDistance = 24;

    private readonly ulong[] whole;
    private readonly ulong[] crops;

    /// <summary>Computes the hashes, on all cores.</summary>
    /// <param name="thumbnails">The photos' thumbnails.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    public PhotoLooks(IReadOnlyList<byte[]> thumbnails, CancellationToken cancellation)
    {
        whole = new ulong[thumbnails.Count];
        crops = new ulong[thumbnails.Count * ThumbnailWarp.Crops.Count];
        Parallel.For(0, thumbnails.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            Span<byte> cropped = stackalloc byte[Thumbnail.Area];
            whole[i] = PerceptualHash.Of(thumbnails[i]).Bits;
            for (int crop = 0; crop < ThumbnailWarp.Crops.Count; crop++)
            {
                ThumbnailWarp.Crops[crop].Resample(thumbnails[i], cropped);
                crops[(i * ThumbnailWarp.Crops.Count) + crop] = PerceptualHash.Of(cropped).Bits;
            }
        });
    }

    /// <summary>The hashes of one photo in all symmetries, to hold against earlier ones.</summary>
    public Query From(int photo) => new(this, photo);

    /// <summary>One photo's hashes, turned and mirrored.</summary>
    public readonly struct Query
    {
        private readonly PhotoLooks looks;
        private readonly ulong[] turned;
        private readonly ulong[] turnedCrops;

        internal Query(PhotoLooks looks, int photo)
        {
            this.looks = looks;
            int count = ThumbnailWarp.Crops.Count;
            turned = new ulong[Symmetry.All.Count];
            turnedCrops = new ulong[turned.Length * count];
            for (int i = 0; i < turned.Length; i++)
            {
                turned[i] = new PerceptualHash(looks.whole[photo]).After(Symmetry.All[i]).Bits;
                for (int crop = 0; crop < count; crop++) turnedCrops[(i * count) + crop] = new PerceptualHash(looks.crops[(photo * count) + crop]).After(Symmetry.All[i]).Bits;
            }
        }

        /// <summary>The next photo before <paramref name="end"/>, from <paramref name="start"/> on, that is close in some symmetry; <paramref name="end"/> when there is none.</summary>
        public int Next(int start, int end)
        {
            var hashes = looks.whole.AsSpan(0, end);
            for (int other = start; other < hashes.Length; other++)
            {
                ulong hash = hashes[other];
                for (int i = 0; i < turned.Length; i++)
                {
                    if (BitOperations.PopCount(turned[i] ^ hash) <= MostWholeDistance && Closest(other, i).Distance <= MostDistance) return other;
                }
            }

            return end;
        }

        /// <summary>The signs that differ between this photo in a symmetry and another one, as they are or one of them cropped, whichever are fewest.</summary>
        /// <returns>Their number, and where the cells of this photo lie in the other one, turned back by the symmetry.</returns>
        public (int Distance, ThumbnailWarp Warp) Closest(int other, int symmetry)
        {
            ulong hash = looks.whole[other], mine = turned[symmetry];
            int least = BitOperations.PopCount(mine ^ hash), count = ThumbnailWarp.Crops.Count, best = -1;
            for (int crop = 0; crop < count; crop++)
            {
                int ofMine = BitOperations.PopCount(turnedCrops[(symmetry * count) + crop] ^ hash);
                if (ofMine < least) (least, best) = (ofMine, crop);
                int ofOther = BitOperations.PopCount(mine ^ looks.crops[(other * count) + crop]);
                if (ofOther < least) (least, best) = (ofOther, count + crop);
            }

            return (least, best < 0 ? ThumbnailWarp.Identity : best < count ? ThumbnailWarp.Crops[best].Inverse() : TurnedBack(symmetry, best - count));
        }

        /// <summary>A crop of the other photo, once that is turned back.</summary>
        private static ThumbnailWarp TurnedBack(int symmetry, int crop)
        {
            var back = Symmetry.All[symmetry].Inverse();
            int turned = 0;
            while (back.Source(ThumbnailWarp.CropPlaces[turned]) != ThumbnailWarp.CropPlaces[crop]) turned++;
            return ThumbnailWarp.Crops[turned];
        }
    }
}
