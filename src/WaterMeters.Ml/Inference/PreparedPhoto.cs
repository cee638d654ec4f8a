using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Inference;

/// <summary>A photo on its way through prediction.</summary>
internal sealed class PreparedPhoto : IDisposable
{
    /// <summary>The photo's file.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The mask's file, or null.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Size as a viewer shows it, pixels.</summary>
    public int Width { get; init; }

    /// <summary>Size as a viewer shows it, pixels.</summary>
    public int Height { get; init; }

    /// <summary>The network's input, [3, S, S].</summary>
    public byte[] Planes { get; init; } = [];

    /// <summary>The picture itself, kept only for an overlay.</summary>
    public Raster? Picture { get; init; }

    /// <summary>Why it could not be prepared.</summary>
    public WaterMetersException? Failure { get; init; }

    /// <summary>Time spent on it so far.</summary>
    public TimeSpan Spent { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Picture?.Dispose();
}
