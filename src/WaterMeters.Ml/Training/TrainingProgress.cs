namespace WaterMeters.Ml.Training;

/// <summary>Where a training is.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Step of the epoch, from 1.</param>
/// <param name="Steps">Steps of the epoch.</param>
/// <param name="Size">Edge of the images, pixels.</param>
/// <param name="Loss">Loss of the step.</param>
/// <param name="PhotosPerSecond">Training photos a second in this epoch.</param>
/// <param name="Fraction">Part of the whole work that is done, 0..1, larger images counting for more.</param>
/// <param name="Remaining">Time left at the pace so far; null in the first steps.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, int Size, double Loss, double PhotosPerSecond, double Fraction, TimeSpan? Remaining);
