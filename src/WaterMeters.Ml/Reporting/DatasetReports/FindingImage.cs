namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>An image beside a finding, or why there is none.</summary>
/// <param name="Caption">What it is.</param>
/// <param name="Jpeg">A small JPEG file; empty when the image cannot be read.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
internal sealed record FindingImage(string Caption, byte[] Jpeg, int Width, int Height)
{
    /// <summary>A place for an image that cannot be shown.</summary>
    public static FindingImage Missing(string caption) => new(caption, [], 0, 0);
}
