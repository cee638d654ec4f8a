namespace WaterMeters.Ml.Datasets.Reports;

/// <summary>A picture beside a finding, or why there is none.</summary>
/// <param name="Caption">What it is.</param>
/// <param name="Jpeg">A small JPEG file; empty when the picture cannot be read.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
internal sealed record FindingPicture(string Caption, byte[] Jpeg, int Width, int Height)
{
    /// <summary>A place for a picture that cannot be shown.</summary>
    public static FindingPicture Missing(string caption) => new(caption, [], 0, 0);
}
