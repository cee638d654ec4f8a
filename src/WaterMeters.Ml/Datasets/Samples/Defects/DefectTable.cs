using static WaterMeters.FindingSeverity;
using static WaterMeters.SampleDefect;

namespace WaterMeters.Ml.Datasets.Samples.Defects;

/// <summary>All faults that can be planted: a check that is added to <see cref="DatasetCheck"/> gets a row, or several, here.</summary>
internal static class DefectTable
{
    /// <summary>One row a fault, in the order of <see cref="SampleDefect"/>.</summary>
    public static IReadOnlyList<DefectKind> Kinds { get; } =
    [
        new(PhotoWithoutMask, DatasetCheck.PhotoWithoutMask, Error, d => [d.Photo()]),
        new(MaskWithoutPhoto, DatasetCheck.MaskWithoutPhoto, Error, d => [d.Mask()]),
        // Of two names the first of the alphabet is paired, and the other one is named.
        new(DuplicatePhotoName, DatasetCheck.DuplicateName, Error, d => [d.OtherPhoto(".jpg"), d.Photo(".jpeg"), d.Mask()]),
        new(DuplicateMaskName, DatasetCheck.DuplicateName, Error, d => [d.Mask(), d.CoarseMask(".jpg"), d.Photo()]),

        new(PhotoEmptyFile, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo([]), d.Mask()]),
        new(PhotoIsText, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo("A text with the name of a photo.\n"u8), d.Mask()]),
        new(PhotoTruncated, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileFaults.Cut(d.Jpeg)), d.Mask()]),
        new(PhotoDamaged, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileFaults.WithoutQuantization(d.Jpeg)), d.Mask()]),
        new(PhotoTooLarge, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileFaults.Claiming(d.Jpeg, 60_000, 60_000)), d.Mask()]),
        new(MaskEmptyFile, DatasetCheck.MaskUnreadable, Error, d => [d.Mask([]), d.Photo()]),
        new(MaskIsText, DatasetCheck.MaskUnreadable, Error, d => [d.Mask("A text with the name of a mask.\n"u8), d.Photo()]),
        new(MaskTruncated, DatasetCheck.MaskUnreadable, Error, d => [d.Mask(FileFaults.Cut(d.Drawn.EncodePng())), d.Photo()]),

        new(SizeMismatch, DatasetCheck.SizeMismatch, Error, d => [d.Mask(MaskFaults.Doubled(d.Drawn)), d.Photo()]),
        new(PhotoOrientation, DatasetCheck.SizeMismatch, Error, d => [d.Mask(), d.Photo(FileFaults.Turned(d.Jpeg))]),
        new(MaskNotBinary, DatasetCheck.MaskNotBinary, Error, d => [d.Mask(MaskFaults.Softened(d.Drawn)), d.Photo()]),
        new(MaskJpeg, DatasetCheck.MaskJpeg, Warning, d => [d.JpegMask(), d.Photo()]),
        new(MaskEmpty, DatasetCheck.MaskEmpty, Error, d => [d.Mask(MaskFaults.Cleared(d.Drawn)), d.Photo()]),
        new(MaskNearlyEmpty, DatasetCheck.MaskNearlyEmpty, Error, d => [d.Mask(MaskFaults.Specks(d.Drawn)), d.Photo()]),
        new(MaskInverted, DatasetCheck.MaskCoverage, Warning, d => [d.Mask(MaskFaults.Inverted(d.Drawn)), d.Photo()]),
    ];

    /// <summary>The rows of these faults, each once; <see cref="All"/> stands for every one.</summary>
    public static IReadOnlyList<DefectKind> Of(IReadOnlyCollection<SampleDefect> defects) =>
        defects.Contains(All) ? Kinds : [.. Kinds.Where(kind => defects.Contains(kind.Defect))];
}
