namespace WaterMeters;

/// <summary>One epoch of a training.</summary>
public sealed record EpochRecord
{
    /// <summary>Number of the epoch, from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>How many epochs the training has.</summary>
    public int Epochs { get; init; }

    /// <summary>Edge of the square the photos were resized to, pixels.</summary>
    public int Size { get; init; }

    /// <summary>Photos in a step.</summary>
    public int BatchSize { get; init; }

    /// <summary>Learning rate at the epoch's last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Mean loss over the training photos.</summary>
    public double TrainingLoss { get; init; }

    /// <summary>Mean loss over the validation photos.</summary>
    public double ValidationLoss { get; init; }

    /// <summary>Mean Dice over the validation photos, at this epoch's size.</summary>
    public double ValidationDice { get; init; }

    /// <summary>Mean IoU over the validation photos, at this epoch's size.</summary>
    public double ValidationIoU { get; init; }

    /// <summary>Whether the model of this epoch is the best so far.</summary>
    public bool IsBest { get; init; }

    /// <summary>Training photos a second, without validation.</summary>
    public double PhotosPerSecond { get; init; }

    /// <summary>How long the epoch took, validation included.</summary>
    public TimeSpan Duration { get; init; }
}
