namespace WaterMeters;

/// <summary>Scores of one model on one photo.</summary>
public sealed record ImageMetrics
{
    /// <summary>Name of the pair.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Absolute path of the mask that the prediction was compared with.</summary>
    public required string MaskPath { get; init; }

    /// <summary>Part of the split that the photo belongs to.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Whether the model has seen the photo in training or validation; null when the model does not record that.</summary>
    public bool? Seen { get; init; }

    /// <summary>Dice at the model's input size, 0..1.</summary>
    public double Dice { get; init; }

    /// <summary>IoU at the model's input size, 0..1.</summary>
    public double IoU { get; init; }

    /// <summary>Fraction of pixels classified correctly, 0..1.</summary>
    public double PixelAccuracy { get; init; }

    /// <summary>Hausdorff distance, in pixels at the model's input size.</summary>
    public double Hausdorff { get; init; }

    /// <summary>Fraction of the predicted mask that is foreground, 0..1.</summary>
    public double Coverage { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string ModelPath { get; init; }
}
