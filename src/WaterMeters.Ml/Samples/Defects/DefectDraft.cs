using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>A sound pair that a fault is planted in, and the files that can be made of it.</summary>
internal sealed class DefectDraft
{
    private const string Images = "images", Masks = "masks";

    private readonly SampleOptions options;
    private readonly SampleDefect defect;
    private readonly SamplePhoto photo;

    /// <summary>Draws the pair; it depends on the seed, the size and the fault.</summary>
    public DefectDraft(SampleOptions options, SampleDefect defect)
    {
        (this.options, this.defect) = (options, defect);
        photo = Draw(0);
        Drawn = SampleMask.Draw(photo.Scene.Quad, photo.Scene.Width, photo.Scene.Height);
    }

    /// <summary>The sound photo's file.</summary>
    public byte[] Jpeg => photo.Jpeg;

    /// <summary>The sound mask.</summary>
    public SampleMask Drawn { get; }

    /// <summary>The sound photo.</summary>
    public DefectFile Photo(string extension = ".jpg") => new(Images, extension, Jpeg);

    /// <summary>A photo's file with other bytes.</summary>
    public DefectFile Photo(ReadOnlySpan<byte> content) => new(Images, ".jpg", content.ToArray());

    /// <summary>The photo saved once more, as often as it takes to be in the part of the first one, or in another.</summary>
    /// <param name="sameSplit">Which of the two.</param>
    /// <param name="photo">The photo's bytes in some quality; the sound one's when it is left out.</param>
    public DefectFile SavedAgain(bool sameSplit, Func<int, byte[]>? photo = null)
    {
        var rule = new SplitRule();
        var split = rule.Assign(FileHash.ComputeBytes(Jpeg), "");
        var saved = Enumerable.Range(0, 45).Select(i => (photo ?? (quality => PhotoFaults.SavedAgain(Jpeg, quality)))(88 - i))
            .First(bytes => rule.Assign(FileHash.ComputeBytes(bytes), "") == split == sameSplit);
        return Photo(saved);
    }

    /// <summary>Another sound photo.</summary>
    public DefectFile OtherPhoto(string extension) => new(Images, extension, Draw(1).Jpeg);

    /// <summary>The sound mask.</summary>
    public DefectFile Mask() => Mask(Drawn);

    /// <summary>Another mask.</summary>
    public DefectFile Mask(SampleMask mask) => Mask(mask.EncodePng());

    /// <summary>A mask's file with other bytes.</summary>
    public DefectFile Mask(ReadOnlySpan<byte> content) => new(Masks, ".png", content.ToArray());

    /// <summary>The sound mask as JPEG, whose edges ring.</summary>
    public DefectFile JpegMask() => new(Masks, ".jpg", Drawn.EncodeJpeg(90));

    // Clean photos have numbers from 1 up, so none of these is one of them.
    private SamplePhoto Draw(int which) => SamplePhoto.Draw(options.Seed, -(2 * (int)defect) - which, options.Size);
}
