using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// The hashes of photos, as they are and as they would be when cropped to 95 % towards the middle and each corner: a photo that somebody
/// cropped is close to one of them, wherever that was done, and a whole photo is close to the first. With each goes a sketch of it.
/// </summary>
internal sealed class PhotoFingerprints
{
    /// <summary>Signs that may differ: copies cropped to 95 % differ in up to 8, and of different photos one pair in 1,600 in 10 or fewer.</summary>
    public const int MostDistance = 10;

    /// <summary>Whole photos of which one is a crop of the other differ in no more; of others most do, and their crops are not looked at.</summary>
    public const int MostWholeDistance = 24;

    private readonly IReadOnlyList<byte[]> thumbnails;
    private readonly ulong[] whole;
    private readonly ulong[] crops;
    private readonly sbyte[] sketches;

    /// <summary>Computes the hashes, on all cores.</summary>
    /// <param name="thumbnails">The photos' thumbnails.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    public PhotoFingerprints(IReadOnlyList<byte[]> thumbnails, CancellationToken cancellation)
    {
        this.thumbnails = thumbnails;
        whole = new ulong[thumbnails.Count];
        crops = new ulong[thumbnails.Count * ThumbnailWarp.Crops.Count];
        sketches = new sbyte[thumbnails.Count * ThumbnailSketch.Length];
        Parallel.For(0, thumbnails.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            Span<byte> cropped = stackalloc byte[Thumbnail.Area];
            whole[i] = PerceptualHash.Compute(thumbnails[i]).Bits;
            for (int crop = 0; crop < ThumbnailWarp.Crops.Count; crop++)
            {
                ThumbnailWarp.Crops[crop].Resample(thumbnails[i], cropped);
                crops[(i * ThumbnailWarp.Crops.Count) + crop] = PerceptualHash.Compute(cropped).Bits;
            }

            ThumbnailSketch.Draw(thumbnails[i], sketches.AsSpan(i * ThumbnailSketch.Length, ThumbnailSketch.Length));
        });
    }

    /// <summary>The hashes of the whole photos.</summary>
    public ReadOnlySpan<ulong> Whole => whole;

    /// <summary>The cells of a photo's thumbnail.</summary>
    public byte[] Cells(int photo) => thumbnails[photo];

    /// <summary>The hashes of a photo's crops.</summary>
    public ReadOnlySpan<ulong> Crops(int photo) => crops.AsSpan(photo * ThumbnailWarp.Crops.Count, ThumbnailWarp.Crops.Count);

    /// <summary>A photo's sketch.</summary>
    public ReadOnlySpan<sbyte> Sketch(int photo) => sketches.AsSpan(photo * ThumbnailSketch.Length, ThumbnailSketch.Length);

    /// <summary>One photo, to hold against earlier ones.</summary>
    public PhotoQuery From(int photo) => new(this, photo);
}
