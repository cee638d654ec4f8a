using System.Globalization;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets;

/// <summary>What one pair of photo and mask shows when both are decoded.</summary>
internal sealed class PairInspection
{
    /// <summary>Fewest meter pixels of a mask that can be learnt from, as in the seed system.</summary>
    private const int LeastPixels = 100;

    /// <summary>Largest fraction of pixels off 0 and 255 that JPEG's ringing at the edges explains.</summary>
    private const double MostRinging = 0.05;

    /// <summary>More of the photo than a digit window can be.</summary>
    private const double MostCoverage = 0.5;

    private readonly List<DatasetFinding> findings = [];

    private PairInspection(SamplePair pair) => Pair = pair;

    /// <summary>The pair.</summary>
    public SamplePair Pair { get; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<DatasetFinding> Findings => findings;

    /// <summary>Fraction of the mask that is meter; null when the mask could not be read.</summary>
    public double? Coverage { get; private set; }

    /// <summary>Size of the photo, such as <c>1000x1333</c>; null when it could not be read.</summary>
    public string? Resolution { get; private set; }

    /// <summary>Looks a pair over.</summary>
    public static PairInspection Of(SamplePair pair, bool strict)
    {
        var inspection = new PairInspection(pair);
        var photoSize = inspection.Photo();
        var maskSize = inspection.Mask(strict);
        if (photoSize is { } photo && maskSize is { } mask && photo != mask)
        {
            inspection.Error(DatasetCheck.SizeMismatch, pair.MaskPath, string.Create(CultureInfo.InvariantCulture, $"The mask is {mask.Width}x{mask.Height}, its photo {photo.Width}x{photo.Height}. Draw the mask on this photo, or take the pair out."));
        }

        return inspection;
    }

    private (int Width, int Height)? Photo()
    {
        try
        {
            using var photo = ImageReader.ReadPhoto(Pair.ImagePath);
            Resolution = string.Create(CultureInfo.InvariantCulture, $"{photo.Width}x{photo.Height}");
            return (photo.Width, photo.Height);
        }
        catch (PhotoException e)
        {
            Error(DatasetCheck.PhotoUnreadable, Pair.ImagePath, e.Message);
            return null;
        }
    }

    private (int Width, int Height)? Mask(bool strict)
    {
        try
        {
            bool jpeg = ImageReader.ReadHeader(Pair.MaskPath).Format == ImageFormat.Jpeg;
            using var mask = ImageReader.ReadMask(Pair.MaskPath);
            int meter = 0, off = 0;
            foreach (byte value in mask.Pixels)
            {
                if (value >= 127) meter++;
                if (value is not (0 or 255)) off++;
            }

            Coverage = (double)meter / mask.Pixels.Length;
            Binary(mask, off, jpeg, strict);
            if (meter == 0)
            {
                Error(DatasetCheck.MaskEmpty, Pair.MaskPath, "The mask holds no meter at all (no value of 127 or more). Draw the digit window, or take the pair out.");
            }
            else if (meter < LeastPixels)
            {
                Error(DatasetCheck.MaskNearlyEmpty, Pair.MaskPath, string.Create(CultureInfo.InvariantCulture, $"The mask holds only {meter} meter pixels; fewer than {LeastPixels} are a slip of the pen. Draw the digit window, or take the pair out."));
            }
            else if (Coverage > MostCoverage)
            {
                Warning(DatasetCheck.MaskCoverage, Pair.MaskPath, string.Create(CultureInfo.InvariantCulture, $"The mask covers {Coverage:P0} of the photo, more than a digit window does. Is it inverted?"));
            }

            return (mask.Width, mask.Height);
        }
        catch (PhotoException e)
        {
            Error(DatasetCheck.MaskUnreadable, Pair.MaskPath, e.Message);
            return null;
        }
    }

    private void Binary(Raster mask, int off, bool jpeg, bool strict)
    {
        if (off == 0) return;
        double fraction = (double)off / mask.Pixels.Length;
        int middle = 0;
        foreach (byte value in mask.Pixels)
        {
            if (value is > 32 and < 223) middle++;
        }

        bool ringing = jpeg && (double)middle / mask.Pixels.Length <= MostRinging;
        string amount = string.Create(CultureInfo.InvariantCulture, $"{off} of its pixels ({fraction * 100:0.####} %) are neither 0 nor 255");
        if (!ringing)
        {
            Error(DatasetCheck.MaskNotBinary, Pair.MaskPath, $"{amount}. Save it as a PNG that holds 0 and 255 only.");
        }
        else if (strict)
        {
            Error(DatasetCheck.MaskJpeg, Pair.MaskPath, $"A JPEG mask: {amount}. Save it as a PNG that holds 0 and 255 only.");
        }
        else
        {
            Warning(DatasetCheck.MaskJpeg, Pair.MaskPath, $"A JPEG mask: {amount}, all near the edges. It can be used as it is (127 and more is meter), and safely be repaired into a PNG.");
        }
    }

    private void Error(DatasetCheck check, string path, string message) => Add(check, FindingSeverity.Error, path, message);

    private void Warning(DatasetCheck check, string path, string message) => Add(check, FindingSeverity.Warning, path, message);

    private void Add(DatasetCheck check, FindingSeverity severity, string path, string message) =>
        findings.Add(new DatasetFinding { Check = check.ToString(), Severity = severity, Name = Pair.Name, Path = path, Message = message });
}
