using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>Means over the validation photos after an epoch, at the epoch's image size.</summary>
internal readonly record struct EpochScores(double Loss, double Dice, double IoU);

/// <summary>Measures the weights of an epoch on the validation photos.</summary>
internal static class EpochValidation
{
    /// <summary>Returns loss, Dice and IoU, averaged over the photos.</summary>
    public static EpochScores Measure(
        TrainingNetwork network, TrainingOptions options, IReadOnlyDictionary<string, WeightTensor> weights, PlaneStore photos, int count,
        Device device, CancellationToken cancellation)
    {
        int size = photos.Size, area = size * size;
        var shape = new UNetShape(options.BaseChannels, size);
        var model = new SegmentationModel { Path = options.OutputPath, Shape = shape, Weights = weights };
        var computeDevice = device.type == TorchSharp.DeviceType.CUDA ? ComputeDevice.Cuda : ComputeDevice.Cpu;
        using var engine = new TorchEngine(model, options.Precision, computeDevice);
        float[] logits = new float[area], truth = new float[area];
        byte[] predicted = new byte[area];
        double loss = 0, dice = 0, iou = 0;
        foreach (var borrowed in Prefetch.InOrder(Enumerable.Range(0, count), 2, photos.Get, cancellation))
        {
            using var photo = borrowed;
            engine.Predict(photo.Planes, logits);
            for (int i = 0; i < area; i++) truth[i] = photo.Mask[i];
            loss += network.Loss(logits, truth, size);
            LogitThreshold.Apply(logits, predicted, out _);
            var overlap = MaskOverlap.Count(predicted, photo.Mask);
            dice += overlap.Dice;
            iou += overlap.IoU;
        }

        return new EpochScores(loss / count, dice / count, iou / count);
    }
}
