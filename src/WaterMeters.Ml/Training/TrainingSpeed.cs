using System.Runtime.Intrinsics.X86;
using WaterMeters.Ml.Models.Network;

namespace WaterMeters.Ml.Training;

/// <summary>
/// Estimates the time of a training before it starts, from the arithmetic of the U-Net and what processors of its kind were measured to
/// do (docs/decisions/training-recipe.md). Other processors differ by a factor of two; after ten steps the time is measured.
/// </summary>
internal static class TrainingSpeed
{
    // Billions of operations a second that a core does in a training, memory included; more cores share the memory.
    private const double BFloat16 = 105, Float32With512Bits = 75, Float32 = 40;
    private const int MostCores = 16;

    /// <summary>Returns the time of some epochs on this processor.</summary>
    /// <param name="stages">The stages.</param>
    /// <param name="finishedEpochs">Epochs of them that are finished.</param>
    /// <param name="trainingPhotos">Photos trained on in each epoch.</param>
    /// <param name="validationPhotos">Photos measured after each epoch.</param>
    /// <param name="baseChannels">Channels of the first block.</param>
    /// <param name="precision">Float32 or BFloat16.</param>
    public static TimeSpan Estimate(
        IReadOnlyList<TrainingStage> stages, int finishedEpochs, int trainingPhotos, int validationPhotos, int baseChannels,
        Precision precision)
    {
        double perCore = precision == Precision.BFloat16 ? BFloat16 : Avx512F.IsSupported ? Float32With512Bits : Float32;
        return Estimate(
            stages, finishedEpochs, trainingPhotos, validationPhotos, baseChannels,
            perCore * 1e9 * Math.Min(Environment.ProcessorCount, MostCores));
    }

    /// <summary>Returns the time of some epochs at a number of operations a second.</summary>
    /// <inheritdoc cref="Estimate(IReadOnlyList{TrainingStage}, int, int, int, int, Precision)"/>
    internal static TimeSpan Estimate(
        IReadOnlyList<TrainingStage> stages, int finishedEpochs, int trainingPhotos, int validationPhotos, int baseChannels,
        double operationsPerSecond)
    {
        double work = 0, perPixel = OperationsPerPixel(baseChannels);
        int finished = finishedEpochs;
        foreach (var stage in stages)
        {
            int skipped = Math.Min(finished, stage.Epochs);
            finished -= skipped;

            // The gradients of the inputs and of the weights each take as much as the forward pass.
            work += (stage.Epochs - skipped) * ((3.0 * trainingPhotos) + validationPhotos) * stage.Size * stage.Size * perPixel;
        }

        return TimeSpan.FromSeconds(work / operationsPerSecond);
    }

    /// <summary>Returns the multiplications and additions of the convolutions per pixel of a photo, forward only.</summary>
    internal static double OperationsPerPixel(int baseChannels)
    {
        double sum = 2.0 * baseChannels * UNetShape.OutputChannels;
        foreach (var (name, channelsIn, channelsOut) in UNetLayout.Blocks(baseChannels))
        {
            int level = name == "bottleneck" ? 4 : name[^1] - '1';
            sum += 2.0 * 9 * channelsOut * (channelsIn + channelsOut) / Math.Pow(4, level);
        }

        return sum;
    }
}
