using WaterMeters.Ml.Datasets.Checks;
using static WaterMeters.FindingSeverity;
using static WaterMeters.SampleDefect;

namespace WaterMeters.Ml.Samples.Defects;

/// <summary>All defects that can be planted. A check added to <see cref="DatasetCheck"/> needs at least one row here.</summary>
internal static class DefectTable
{
    /// <summary>One row per defect, in the order of <see cref="SampleDefect"/>.</summary>
    public static IReadOnlyList<DefectKind> Kinds { get; } =
    [
        new(PhotoWithoutMask, DatasetCheck.PhotoWithoutMask, Error, d => [d.Photo()]),
        new(MaskWithoutPhoto, DatasetCheck.MaskWithoutPhoto, Error, d => [d.Mask()]),
        // Of two file names the alphabetically first is paired, and the finding names the other.
        new(DuplicatePhotoName, DatasetCheck.DuplicateName, Error, d => [d.OtherPhoto(".jpg"), d.Photo(".jpeg"), d.Mask()]),
        new(DuplicateMaskName, DatasetCheck.DuplicateName, Error, d => [d.Mask(), d.Mask() with { Extension = ".jpg" }, d.Photo()]),

        new(PhotoEmptyFile, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo([]), d.Mask()]),
        new(PhotoIsText, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo("A text with the name of a photo.\n"u8), d.Mask()]),
        new(PhotoTruncated, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileDefects.Truncated(d.Jpeg)), d.Mask()]),
        new(PhotoDamaged, DatasetCheck.PhotoUnreadable, Error, d => [d.Photo(FileDefects.WithoutQuantization(d.Jpeg)), d.Mask()]),
        new(PhotoTooLarge, DatasetCheck.PhotoUnreadable, Error,
            d => [d.Photo(FileDefects.WithHeaderSize(d.Jpeg, 60_000, 60_000)), d.Mask()]),
        new(MaskEmptyFile, DatasetCheck.MaskUnreadable, Error, d => [d.Mask([]), d.Photo()]),
        new(MaskIsText, DatasetCheck.MaskUnreadable, Error, d => [d.Mask("A text with the name of a mask.\n"u8), d.Photo()]),
        new(MaskTruncated, DatasetCheck.MaskUnreadable, Error, d => [d.Mask(FileDefects.Truncated(d.CleanMask.EncodePng())), d.Photo()]),

        new(SizeMismatch, DatasetCheck.SizeMismatch, Error, d => [d.Mask(MaskDefects.Doubled(d.CleanMask)), d.Photo()]),
        new(PhotoOrientation, DatasetCheck.MaskOrientation, Error, d => [d.Mask(), d.Photo(FileDefects.WithOrientation(d.Jpeg, 6))]),
        new(PhotoUpsideDown, DatasetCheck.OrientationDiffers, Warning, d => [d.Mask(), d.Photo(FileDefects.WithOrientation(d.Jpeg, 3))]),
        new(NameCase, DatasetCheck.NameCase, Warning, d => [d.Mask() with { IsUpperCase = true }, d.Photo()]),
        new(MaskNotBinary, DatasetCheck.MaskNotBinary, Error, d => [d.Mask(MaskDefects.Softened(d.CleanMask)), d.Photo()]),
        new(MaskJpeg, DatasetCheck.MaskJpeg, Warning, d => [d.JpegMask(), d.Photo()]),
        new(MaskEmpty, DatasetCheck.MaskEmpty, Error, d => [d.Mask(MaskDefects.Cleared(d.CleanMask)), d.Photo()]),
        new(MaskNearlyEmpty, DatasetCheck.MaskNearlyEmpty, Error, d => [d.Mask(MaskDefects.Specks(d.CleanMask)), d.Photo()]),
        new(MaskInverted, DatasetCheck.MaskCoverage, Warning, d => [d.Mask(MaskDefects.Inverted(d.CleanMask)), d.Photo()]),
        new(MaskColour, DatasetCheck.MaskColour, Error, d => [d.Mask(MaskPngEncoder.Coloured(d.CleanMask, 255, 0, 0)), d.Photo()]),
        new(MaskAlpha, DatasetCheck.MaskAlpha, Warning, d => [d.Mask(MaskPngEncoder.Transparent(d.CleanMask)), d.Photo()]),
        new(MaskSixteenBit, DatasetCheck.SixteenBit, Warning, d => [d.Mask(MaskPngEncoder.SixteenBit(d.CleanMask)), d.Photo()]),
        new(MaskPalette, DatasetCheck.Palette, Warning, d => [d.Mask(MaskPngEncoder.WithPalette(d.CleanMask)), d.Photo()]),
        new(MaskPieces, DatasetCheck.MaskPieces, Warning, d => [d.Mask(MaskDefects.Split(d.CleanMask)), d.Photo()]),
        new(MaskHole, DatasetCheck.MaskHoles, Warning, d => [d.Mask(MaskDefects.WithHole(d.CleanMask)), d.Photo()]),
        new(MaskAtBorder, DatasetCheck.MaskAtBorder, Warning, d =>
        [
            d.Mask(MaskDefects.Cropped(d.CleanMask, MaskDefects.UpToWindow(d.CleanMask))),
            d.Photo(PhotoDefects.Cropped(d.Jpeg, MaskDefects.UpToWindow(d.CleanMask))),
        ]),
        new(MaskOfWholeMeter, DatasetCheck.MaskCoverageOutlier, Warning, d => [d.Mask(MaskDefects.WholeMeter(d.CleanMask)), d.Photo()]),
        new(MaskLine, DatasetCheck.MaskShapeOutlier, Warning, d => [d.Mask(MaskDefects.Line(d.CleanMask)), d.Photo()]),

        new(PhotoDark, DatasetCheck.PhotoDark, Warning, d => [d.Photo(PhotoDefects.Toned(d.Jpeg, 0.12f, 0)), d.Mask()]),
        new(PhotoBright, DatasetCheck.PhotoBright, Warning, d => [d.Photo(PhotoDefects.Toned(d.Jpeg, 0.12f, 225)), d.Mask()]),
        new(PhotoFogged, DatasetCheck.PhotoLowInformation, Warning, d => [d.Photo(PhotoDefects.Toned(d.Jpeg, 0.02f, 120)), d.Mask()]),
        new(PhotoBlurred, DatasetCheck.PhotoBlurred, Warning, d => [d.Photo(PhotoDefects.Blurred(d.Jpeg)), d.Mask()]),
        new(PhotoPanorama, DatasetCheck.PhotoAspectRatio, Warning,
            d => [d.Photo(PhotoDefects.Lengthened(d.Jpeg)), d.Mask(MaskDefects.Lengthened(d.CleanMask))]),

        // Of two photos the finding names the later one.
        new(PhotoDuplicate, DatasetCheck.PhotoDuplicate, Warning, d => [d.Photo().AsSecond(), d.Mask().AsSecond(), d.Photo(), d.Mask()]),
        new(PhotoSavedAgain, DatasetCheck.PhotoNearDuplicate, Warning,
            d => [d.SavedAgain(samePart: true).AsSecond(), d.Mask().AsSecond(), d.Photo(), d.Mask()]),
        new(PhotoTurned, DatasetCheck.PhotoNearDuplicate, Warning, d =>
        [
            d.SavedAgain(samePart: true, q => PhotoDefects.SavedAgain(PhotoDefects.RotatedBy90(d.Jpeg), q)).AsSecond(),
            d.Mask(MaskDefects.RotatedBy90(d.CleanMask)).AsSecond(),
            d.Photo(),
            d.Mask(),
        ]),
        new(PhotoInTwoSplits, DatasetCheck.PhotoInTwoSplits, Error,
            d => [d.SavedAgain(samePart: false).AsSecond(), d.Mask().AsSecond(), d.Photo(), d.Mask()]),
        new(PhotoWithTwoMasks, DatasetCheck.PhotoWithTwoMasks, Error,
            d => [d.Photo().AsSecond(), d.Mask(MaskDefects.Moved(d.CleanMask)).AsSecond(), d.Photo(), d.Mask()]),
        new(MaskLabels, DatasetCheck.MaskLabels, Error, d => [d.Mask(MaskDefects.Labels(d.CleanMask)), d.Photo()]),

        new(PhotoScanDamaged, DatasetCheck.PhotoScanDamaged, Error, d => [d.Photo(FileDefects.WithoutRest(d.Jpeg)), d.Mask()]),
        new(PhotoEndMissing, DatasetCheck.EndMissing, Warning, d => [d.Photo(FileDefects.WithoutEnd(d.Jpeg)), d.Mask()]),
        new(MaskScanDamaged, DatasetCheck.MaskScanDamaged, Error, d =>
        [
            d.JpegMask() with { Content = FileDefects.WithoutRest(d.JpegMask().Content) },
            d.Photo(),
        ]),
    ];

    /// <summary>Returns the rows of these defects, each once; <see cref="All"/> selects every row.</summary>
    public static IReadOnlyList<DefectKind> Select(IReadOnlyCollection<SampleDefect> defects) =>
        defects.Contains(All) ? Kinds : [.. Kinds.Where(kind => defects.Contains(kind.Defect))];
}
