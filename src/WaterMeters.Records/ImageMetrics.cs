namespace WaterMeters;

/// <summary>How well a model finds the window on one photo.</summary>
public sealed record ImageMetrics
{
    /// <summary>The sample's name.</summary>
    public required string Name { get; init; }

    /// <summary>The photo.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The mask it was compared with.</summary>
    public required string MaskPath { get; init; }

    /// <summary>The part of the data set the photo belongs to.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Whether the model was trained on this photo, or chosen by it.</summary>
    public bool Seen { get; init; }

    /// <summary>Dice at the model's input size.</summary>
    public double Dice { get; init; }

    /// <summary>IoU at the model's input size.</summary>
    public double IoU { get; init; }

    /// <summary>Fraction of pixels that are right.</summary>
    public double PixelAccuracy { get; init; }

    /// <summary>Hausdorff distance, pixels of the model's input size.</summary>
    public double Hausdorff { get; init; }

    /// <summary>Fraction of the predicted mask that is meter, 0..1.</summary>
    public double Coverage { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The model's file.</summary>
    public required string ModelPath { get; init; }
}
