namespace WaterMeters;

/// <summary>How well a model finds the window, over many photos.</summary>
public sealed record ModelMetrics
{
    /// <summary>The model's name: its file name without extension.</summary>
    public required string Model { get; init; }

    /// <summary>The model's file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>The part of the data set; empty for all of it.</summary>
    public DatasetSplit? Split { get; init; }

    /// <summary>Photos measured.</summary>
    public int Photos { get; init; }

    /// <summary>Mean Dice over the photos.</summary>
    public double Dice { get; init; }

    /// <summary>Mean IoU over the photos.</summary>
    public double IoU { get; init; }

    /// <summary>Mean fraction of pixels that are right.</summary>
    public double PixelAccuracy { get; init; }

    /// <summary>Mean Hausdorff distance, pixels of the model's input size.</summary>
    public double Hausdorff { get; init; }

    /// <summary>Median Dice over the photos.</summary>
    public double MedianDice { get; init; }

    /// <summary>Mean Dice over the worst tenth of the photos.</summary>
    public double WorstTenthDice { get; init; }

    /// <summary>Photos with a Dice under 0.1.</summary>
    public int MissedWindows { get; init; }

    /// <summary>Dice in a word: Excellent from 0.85, Good from 0.70, Mediocre from 0.50, else Poor.</summary>
    public required string Quality { get; init; }

    /// <summary>How many of the photos the model was trained on or chosen by.</summary>
    public int SeenPhotos { get; init; }

    /// <summary>Whether the model says which photos it has seen.</summary>
    public bool ProvenanceKnown { get; init; }

    /// <summary>The model's input size, pixels.</summary>
    public int Size { get; init; }

    /// <summary>The numbers it computed with.</summary>
    public Precision Precision { get; init; }

    /// <summary>Photos a second, reading and scoring included.</summary>
    public double PhotosPerSecond { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
