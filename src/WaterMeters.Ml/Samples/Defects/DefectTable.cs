using WaterMeters.Ml.Datasets.Checks;
using static WaterMeters.FindingSeverity;
using static WaterMeters.SampleDefect;

namespace WaterMeters.Ml.Samples.Defects;

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
        new(DuplicateMaskName, DatasetCheck.DuplicateName, Error, d => [d.Mask(), d.Mask() with { Extension = ".jpg" }, d.Photo()]),

        new(PhotoEmptyFile, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo([]), d.Mask()]),
        new(PhotoIsText, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo("A text with the name of a photo.\n"u8), d.Mask()]),
        new(PhotoTruncated, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileFaults.Cut(d.Jpeg)), d.Mask()]),
        new(PhotoDamaged, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileFaults.WithoutQuantization(d.Jpeg)), d.Mask()]),
        new(PhotoTooLarge, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileFaults.Claiming(d.Jpeg, 60_000, 60_000)), d.Mask()]),
        new(MaskEmptyFile, DatasetCheck.MaskUnreadable, Error, d => [d.Mask([]), d.Photo()]),
        new(MaskIsText, DatasetCheck.MaskUnreadable, Error, d => [d.Mask("A text with the name of a mask.\n"u8), d.Photo()]),
        new(MaskTruncated, DatasetCheck.MaskUnreadable, Error, d => [d.Mask(FileFaults.Cut(d.Drawn.EncodePng())), d.Photo()]),

        new(SizeMismatch, DatasetCheck.SizeMismatch, Error, d => [d.Mask(MaskFaults.Doubled(d.Drawn)), d.Photo()]),
        new(PhotoOrientation, DatasetCheck.MaskOrientation, Error, d => [d.Mask(), d.Photo(FileFaults.Turned(d.Jpeg, 6))]),
        new(PhotoUpsideDown, DatasetCheck.OrientationDiffers, Warning, d => [d.Mask(), d.Photo(FileFaults.Turned(d.Jpeg, 3))]),
        new(NameCase, DatasetCheck.NameCase, Warning, d => [d.Mask() with { IsShouted = true }, d.Photo()]),
        new(MaskNotBinary, DatasetCheck.MaskNotBinary, Error, d => [d.Mask(MaskFaults.Softened(d.Drawn)), d.Photo()]),
        new(MaskJpeg, DatasetCheck.MaskJpeg, Warning, d => [d.JpegMask(), d.Photo()]),
        new(MaskEmpty, DatasetCheck.MaskEmpty, Error, d => [d.Mask(MaskFaults.Cleared(d.Drawn)), d.Photo()]),
        new(MaskNearlyEmpty, DatasetCheck.MaskNearlyEmpty, Error, d => [d.Mask(MaskFaults.Specks(d.Drawn)), d.Photo()]),
        new(MaskInverted, DatasetCheck.MaskCoverage, Warning, d => [d.Mask(MaskFaults.Inverted(d.Drawn)), d.Photo()]),
        new(MaskColour, DatasetCheck.MaskColour, Error, d => [d.Mask(PngDraft.Coloured(d.Drawn, 255, 0, 0)), d.Photo()]),
        new(MaskAlpha, DatasetCheck.MaskAlpha, Warning, d => [d.Mask(PngDraft.Transparent(d.Drawn)), d.Photo()]),
        new(MaskSixteenBit, DatasetCheck.SixteenBit, Warning, d => [d.Mask(PngDraft.SixteenBit(d.Drawn)), d.Photo()]),
        new(MaskPalette, DatasetCheck.Palette, Warning, d => [d.Mask(PngDraft.WithPalette(d.Drawn)), d.Photo()]),
        new(MaskPieces, DatasetCheck.MaskPieces, Warning, d => [d.Mask(MaskFaults.Cut(d.Drawn)), d.Photo()]),
        new(MaskHole, DatasetCheck.MaskHoles, Warning, d => [d.Mask(MaskFaults.Pierced(d.Drawn)), d.Photo()]),
        new(MaskAtBorder, DatasetCheck.MaskAtBorder, Warning, d => [d.Mask(MaskFaults.Cropped(d.Drawn, MaskFaults.UpToWindow(d.Drawn))), d.Photo(PhotoFaults.Cropped(d.Jpeg, MaskFaults.UpToWindow(d.Drawn)))]),
        new(MaskOfWholeMeter, DatasetCheck.MaskCoverageOutlier, Warning, d => [d.Mask(MaskFaults.Middle(d.Drawn)), d.Photo()]),
        new(MaskLine, DatasetCheck.MaskShapeOutlier, Warning, d => [d.Mask(MaskFaults.Line(d.Drawn)), d.Photo()]),

        new(PhotoDark, DatasetCheck.PhotoDark, Warning, d => [d.Photo(PhotoFaults.Toned(d.Jpeg, 0.12f, 0)), d.Mask()]),
        new(PhotoBright, DatasetCheck.PhotoBright, Warning, d => [d.Photo(PhotoFaults.Toned(d.Jpeg, 0.12f, 225)), d.Mask()]),
        new(PhotoFogged, DatasetCheck.PhotoLowInformation, Warning, d => [d.Photo(PhotoFaults.Toned(d.Jpeg, 0.02f, 120)), d.Mask()]),
        new(PhotoBlurred, DatasetCheck.PhotoBlurred, Warning, d => [d.Photo(PhotoFaults.Blurred(d.Jpeg)), d.Mask()]),
        new(PhotoPanorama, DatasetCheck.PhotoAspectRatio, Warning, d => [d.Photo(PhotoFaults.Lengthened(d.Jpeg)), d.Mask(MaskFaults.Lengthened(d.Drawn))]),

        // Of two photos the later one is named.
        new(PhotoDuplicate, DatasetCheck.PhotoDuplicate, Warning, d => [d.Photo().AsSecond(), d.Mask().AsSecond(), d.Photo(), d.Mask()]),
        new(PhotoSavedAgain, DatasetCheck.PhotoNearDuplicate, Warning, d => [d.SavedAgain(sameSplit: true).AsSecond(), d.Mask().AsSecond(), d.Photo(), d.Mask()]),
        new(PhotoTurned, DatasetCheck.PhotoNearDuplicate, Warning, d => [d.SavedAgain(sameSplit: true, q => PhotoFaults.SavedAgain(PhotoFaults.QuarterTurned(d.Jpeg), q)).AsSecond(), d.Mask(MaskFaults.QuarterTurned(d.Drawn)).AsSecond(), d.Photo(), d.Mask()]),
        new(PhotoInTwoSplits, DatasetCheck.PhotoInTwoSplits, Error, d => [d.SavedAgain(sameSplit: false).AsSecond(), d.Mask().AsSecond(), d.Photo(), d.Mask()]),
        new(PhotoWithTwoMasks, DatasetCheck.PhotoWithTwoMasks, Error, d => [d.Photo().AsSecond(), d.Mask(MaskFaults.Moved(d.Drawn)).AsSecond(), d.Photo(), d.Mask()]),
    ];

    /// <summary>The rows of these faults, each once; <see cref="All"/> stands for every one.</summary>
    public static IReadOnlyList<DefectKind> Select(IReadOnlyCollection<SampleDefect> defects) =>
        defects.Contains(All) ? Kinds : [.. Kinds.Where(kind => defects.Contains(kind.Defect))];
}
