namespace WaterMeters;

/// <summary>Figures of one training epoch.</summary>
public sealed record EpochRecord
{
    /// <summary>Number of the epoch, from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>Total number of epochs in the training.</summary>
    public int Epochs { get; init; }

    /// <summary>Image size of this epoch: edge of the square the photos are resized to, in pixels.</summary>
    public int Size { get; init; }

    /// <summary>Number of photos in one optimizer step.</summary>
    public int BatchSize { get; init; }

    /// <summary>Learning rate at the last step of the epoch.</summary>
    public double LearningRate { get; init; }

    /// <summary>Mean loss over the training photos, dimensionless; lower is better.</summary>
    public double TrainingLoss { get; init; }

    /// <summary>Mean loss over the validation photos, dimensionless; lower is better.</summary>
    public double ValidationLoss { get; init; }

    /// <summary>Mean Dice over the validation photos at this epoch's image size, 0..1.</summary>
    public double ValidationDice { get; init; }

    /// <summary>Mean IoU over the validation photos at this epoch's image size, 0..1.</summary>
    public double ValidationIoU { get; init; }

    /// <summary>Whether this epoch has the best model so far.</summary>
    public bool IsBest { get; init; }

    /// <summary>Training photos per second, validation excluded.</summary>
    public double PhotosPerSecond { get; init; }

    /// <summary>Duration of the epoch, validation included.</summary>
    public TimeSpan Duration { get; init; }
}
