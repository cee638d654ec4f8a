namespace WaterMeters.Ml.Training;

/// <summary>Means over the validation photos after an epoch, at the epoch's image size.</summary>
internal readonly record struct EpochScores(double Loss, double Dice, double IoU);
