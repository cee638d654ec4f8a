using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Inference;

/// <summary>A photo on its way through prediction.</summary>
internal sealed class PreparedPhoto : IDisposable
{
    private bool disposed;

    /// <summary>The photo's file.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The mask's file, or null.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Size as a viewer shows it, pixels.</summary>
    public int Width { get; init; }

    /// <summary>Size as a viewer shows it, pixels.</summary>
    public int Height { get; init; }

    /// <summary>Its arrays, the network's input filled in; null when there is nothing to predict.</summary>
    public PhotoBuffers? Buffers { get; init; }

    /// <summary>Where the arrays go in the end.</summary>
    public PhotoBuffers.Pool? Pool { get; init; }

    /// <summary>The image itself, kept only for an overlay.</summary>
    public Raster? Image { get; init; }

    /// <summary>Why it could not be prepared.</summary>
    public WaterMetersException? Failure { get; init; }

    /// <summary>Time spent on it so far.</summary>
    public TimeSpan Spent { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image?.Dispose();
        if (Buffers is not null && !disposed) Pool?.Return(Buffers);
        disposed = true;
    }
}
