namespace WaterMeters.Ml.Training;

/// <summary>Progress of a training after a step.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Epochs">Number of epochs.</param>
/// <param name="Step">Step in the epoch, from 1.</param>
/// <param name="Steps">Number of steps in the epoch.</param>
/// <param name="Size">Edge of the images, pixels.</param>
/// <param name="Loss">Loss of the step.</param>
/// <param name="PhotosPerSecond">Training photos per second in this epoch.</param>
/// <param name="Fraction">Fraction of all work done, 0..1; work is photos times pixels.</param>
/// <param name="Remaining">Remaining time at the pace so far; null in the first steps.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, int Size, double Loss, double PhotosPerSecond, double Fraction, TimeSpan? Remaining);
