// Speed measurements: dotnet run -c Release --project benchmarks/WaterMeters.Benchmarks -- FOLDER-WITH-PHOTOS
// With "tracking" instead of the folder: only what it costs a training to be recorded.
// Prints medians in milliseconds. "peer" is PyTorch 1.13 in the legacy pipeline, on 2 cores with AVX-512; compare ratios on one machine.
using System.Globalization;
using WaterMeters;
using WaterMeters.Benchmarks;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["tracking"])
{
    ReportTracking();
    return;
}

string[] photos = args.Length > 0 ? [.. Directory.GetFiles(args[0], "*.jpg").Order(StringComparer.Ordinal).Take(20)] : [];
const int Size = 512;
byte[] planes = new byte[3 * Size * Size];
float[] logits = new float[Size * Size];

if (photos.Length > 0)
{
    var preprocessor = new Preprocessor(Size);
    var images = photos.Select(ImageReader.ReadPhoto).ToList();
    Report("decode a photo", 28, Timing.Median(photos.Length, i => ImageReader.ReadPhoto(photos[i]).Dispose()));
    Report("preprocess a photo", 24, Timing.Median(images.Count, i => preprocessor.Run(images[i], planes)));
    images.ForEach(image => image.Dispose());
}

var model = new SegmentationModel { Path = "untrained", Shape = new UNetShape(), Weights = UNetInitializer.Create(16, 1) };
new Random(1).NextBytes(planes);
using (var engine = new TorchEngine(model, Precision.Float32))
{
    Report("network, one photo, float32", 245, Timing.Median(15, _ => engine.Predict(planes, logits)));
}

using (var engine = new TorchEngine(model, Precision.BFloat16))
{
    Report("network, one photo, bfloat16", double.NaN, Timing.Median(5, _ => engine.Predict(planes, logits)));
}

foreach (var stage in new TrainingStage[] { new(128, 1, 8), new(256, 1, 8), new(384, 1, 4), new(512, 1, 4) })
{
    double peer = stage.Size == 512 ? 4200 : double.NaN;
    Report($"training step, {stage.BatchSize} at {stage.Size}", peer, Timing.TrainingStep(stage));
}

ReportTracking();

static void ReportTracking()
{
    var cost = TrackingCost.Measure();
    Report("tracking: an epoch, training's side", double.NaN, cost.Call);
    Report("tracking: an epoch, in the store", double.NaN, cost.Epoch);
    Report("tracking: a run with its model", double.NaN, cost.Run);
}

static void Report(string name, double peer, double milliseconds) =>
    Console.WriteLine($"{name,-36} {milliseconds,8:0.0} ms{(double.IsNaN(peer) ? "" : $"   peer {peer:0} ms")}");
