namespace WaterMeters;

/// <summary>Scores of one model over many photos.</summary>
public sealed record ModelMetrics
{
    /// <summary>Name of the model: the folder of its run if its file is called model, otherwise its file name without extension.</summary>
    public required string Model { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Absolute path of the data set folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>Part of the split that was measured; null for all photos.</summary>
    public DatasetSplit? Split { get; init; }

    /// <summary>Number of photos measured.</summary>
    public int Photos { get; init; }

    /// <summary>Mean Dice over the photos, 0..1.</summary>
    public double Dice { get; init; }

    /// <summary>Mean IoU over the photos, 0..1.</summary>
    public double IoU { get; init; }

    /// <summary>Mean fraction of pixels classified correctly, 0..1.</summary>
    public double PixelAccuracy { get; init; }

    /// <summary>Mean Hausdorff distance, in pixels at the model's input size.</summary>
    public double Hausdorff { get; init; }

    /// <summary>Median Dice over the photos, 0..1.</summary>
    public double MedianDice { get; init; }

    /// <summary>Mean Dice over the worst tenth of the photos, 0..1.</summary>
    public double WorstTenthDice { get; init; }

    /// <summary>Number of photos on which the model has missed the window (Dice below 0.1).</summary>
    public int MissedWindows { get; init; }

    /// <summary>Rating of the mean Dice: Excellent from 0.85, Good from 0.70, Mediocre from 0.50, otherwise Poor.</summary>
    public required string Quality { get; init; }

    /// <summary>Returns the rating of a mean Dice, in the words of the legacy pipeline.</summary>
    /// <param name="dice">The mean Dice, 0..1; NaN is Poor.</param>
    public static string Rate(double dice) => dice switch
    {
        >= 0.85 => "Excellent",
        >= 0.70 => "Good",
        >= 0.50 => "Mediocre",
        _ => "Poor",
    };

    /// <summary>
    /// Number of measured photos that the model has seen in training or validation; null when the model does not record that.
    /// </summary>
    public int? SeenPhotos { get; init; }

    /// <summary>Whether the model records which photos it has seen.</summary>
    public bool ProvenanceKnown { get; init; }

    /// <summary>Input size of the model: edge of the square image, in pixels.</summary>
    public int Size { get; init; }

    /// <summary>Numeric precision used: Float32 or BFloat16.</summary>
    public Precision Precision { get; init; }

    /// <summary>Photos per second, reading and scoring included.</summary>
    public double PhotosPerSecond { get; init; }

    /// <summary>Duration of the measurement.</summary>
    public TimeSpan Duration { get; init; }
}
