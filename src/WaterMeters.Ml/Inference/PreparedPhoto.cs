using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Engines;

namespace WaterMeters.Ml.Inference;

/// <summary>A photo in flight: read and preprocessed, skipped, or failed.</summary>
internal sealed class PreparedPhoto : IDisposable
{
    private bool disposed;

    /// <summary>The photo's file.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The mask's file; null when none is written.</summary>
    public string? MaskPath { get; init; }

    /// <summary>The file of the cut-out window; null when none is written.</summary>
    public string? CropPath { get; init; }

    /// <summary>Width as a viewer shows it, pixels.</summary>
    public int Width { get; init; }

    /// <summary>Height as a viewer shows it, pixels.</summary>
    public int Height { get; init; }

    /// <summary>Its arrays, with the network's input; null when there is nothing to predict.</summary>
    public PhotoBuffers? Buffers { get; init; }

    /// <summary>The pool that the arrays return to.</summary>
    public PhotoBuffers.Pool? Pool { get; init; }

    /// <summary>The decoded image, kept only for an overlay or a cut-out window.</summary>
    public Raster? Image { get; init; }

    /// <summary>What is wrong with its file, in a line; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Why it could not be prepared.</summary>
    public WaterMetersException? Failure { get; init; }

    /// <summary>Time spent on it so far.</summary>
    public TimeSpan TimeSpent { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image?.Dispose();
        if (Buffers is not null && !disposed) Pool?.Return(Buffers);
        disposed = true;
    }
}
