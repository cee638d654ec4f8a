using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// The hashes of photos, whole and cropped to 95 % in the middle and in each corner, and their sketches. A cropped copy is close to one of
/// the crops, wherever it was cropped; an uncropped copy is close to the whole photo.
/// </summary>
internal sealed class PhotoFingerprints
{
    /// <summary>
    /// Largest number of signs that may differ. Copies cropped to 95 % differ in up to 8; of different photos one pair in 1,600 differs in
    /// 10 or fewer.
    /// </summary>
    public const int MostDistance = 10;

    /// <summary>
    /// Largest number of signs that differ between two whole photos when one is a crop of the other. Most other pairs differ in more; their
    /// crops are skipped.
    /// </summary>
    public const int MostWholeDistance = 24;

    private readonly IReadOnlyList<byte[]> thumbnails;
    private readonly ulong[] whole;
    private readonly ulong[] crops;
    private readonly sbyte[] sketches;

    /// <summary>Computes the hashes and sketches, on all cores.</summary>
    /// <param name="thumbnails">The thumbnails of the photos.</param>
    /// <param name="cancellation">Cancels between two photos.</param>
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

    /// <summary>Returns the cells of a photo's thumbnail.</summary>
    public byte[] Cells(int photo) => thumbnails[photo];

    /// <summary>Returns the hashes of a photo's crops.</summary>
    public ReadOnlySpan<ulong> Crops(int photo) => crops.AsSpan(photo * ThumbnailWarp.Crops.Count, ThumbnailWarp.Crops.Count);

    /// <summary>Returns a photo's sketch.</summary>
    public ReadOnlySpan<sbyte> Sketch(int photo) => sketches.AsSpan(photo * ThumbnailSketch.Length, ThumbnailSketch.Length);

    /// <summary>Returns a query that compares one photo with earlier ones.</summary>
    public PhotoQuery CreateQuery(int photo) => new(this, photo);
}
