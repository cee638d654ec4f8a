using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>A clean pair to plant a defect in, and the files made from it.</summary>
internal sealed class CleanPair
{
    private const string Images = "images", Masks = "masks";

    private readonly SampleOptions options;
    private readonly SampleDefect defect;
    private readonly SamplePhoto photo;

    /// <summary>Draws the pair; it depends on the seed, the size and the defect.</summary>
    public CleanPair(SampleOptions options, SampleDefect defect)
    {
        (this.options, this.defect) = (options, defect);
        photo = Draw(0);
        CleanMask = SampleMask.Draw(photo.Scene.Quad, photo.Scene.Width, photo.Scene.Height);
    }

    /// <summary>Bytes of the clean photo file.</summary>
    public byte[] Jpeg => photo.Jpeg;

    /// <summary>The clean mask.</summary>
    public SampleMask CleanMask { get; }

    /// <summary>Returns the file of the clean photo.</summary>
    public DefectFile Photo(string extension = ".jpg") => new(Images, extension, Jpeg);

    /// <summary>Returns a photo file with other bytes.</summary>
    public DefectFile Photo(ReadOnlySpan<byte> content) => new(Images, ".jpg", content.ToArray());

    /// <summary>Returns the photo saved again, with the highest quality for which it falls into the same part, or into another.</summary>
    /// <param name="samePart">Whether it has to be in the same part as the clean photo.</param>
    /// <param name="photo">Returns the photo in a given JPEG quality; by default the clean photo.</param>
    public DefectFile SavedAgain(bool samePart, Func<int, byte[]>? photo = null)
    {
        var rule = new SplitRule();
        var part = rule.Assign(FileHash.ComputeBytes(Jpeg), "");
        var saved = Enumerable.Range(0, 45).Select(i => (photo ?? (quality => PhotoDefects.SavedAgain(Jpeg, quality)))(88 - i))
            .First(bytes => rule.Assign(FileHash.ComputeBytes(bytes), "") == part == samePart);
        return Photo(saved);
    }

    /// <summary>Returns another clean photo.</summary>
    public DefectFile OtherPhoto(string extension) => new(Images, extension, Draw(1).Jpeg);

    /// <summary>Returns the file of the clean mask.</summary>
    public DefectFile Mask() => Mask(CleanMask);

    /// <summary>Returns the file of another mask.</summary>
    public DefectFile Mask(SampleMask mask) => Mask(mask.EncodePng());

    /// <summary>Returns a mask file with other bytes.</summary>
    public DefectFile Mask(ReadOnlySpan<byte> content) => new(Masks, ".png", content.ToArray());

    /// <summary>Returns the clean mask as JPEG, with ringing at its edges.</summary>
    public DefectFile JpegMask() => new(Masks, ".jpg", CleanMask.EncodeJpeg(90));

    // Photos of the sample data set have numbers from 1, so negative numbers give different photos.
    private SamplePhoto Draw(int variant) => SamplePhoto.Draw(options.Seed, -(2 * (int)defect) - variant, options.Size);
}
