using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Datasets;

namespace WaterMeters.Ml.Tests.Evaluation;

/// <summary>Uses real photos and the model of the legacy pipeline, which is right on most of them.</summary>
public class SuspectMaskFinderTests
{
    [Fact]
    public void Reports_a_mask_whose_window_is_in_another_position()
    {
        var pairs = DatasetListing.Read(SharedFolder.Meters).Pairs.Take(9).ToList();
        using var set = new DatasetFolder();
        foreach (var pair in pairs)
        {
            File.Copy(pair.ImagePath, set["images", Path.GetFileName(pair.ImagePath)]);
            File.Copy(pair.MaskPath, set["masks", Path.GetFileName(pair.MaskPath)]);
        }

        var model = ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors"));
        using var engine = new OnnxEngine(model);
        var before = Inspect(set, engine);
        string wrong = pairs.First(p => before.All(f => f.Name != p.Name)).MaskPath, moved = set["masks", Path.GetFileName(wrong)];
        using (var mask = ImageReader.ReadMask(wrong))
        {
            // Swaps upper and lower half, which moves the window.
            using var swapped = Raster.Rent(mask.Width, mask.Height, 1);
            int half = mask.Height / 2 * mask.Width;
            mask.Pixels[half..].CopyTo(swapped.Pixels);
            mask.Pixels[..half].CopyTo(swapped.Pixels[(mask.Pixels.Length - half)..]);
            ImageWriter.WriteJpeg(swapped, moved, 95);
        }

        var after = Inspect(set, engine);

        Assert.Equal(
            before.Select(f => f.Path).Append(moved).Order(StringComparer.Ordinal),
            after.Select(f => f.Path).Order(StringComparer.Ordinal));
        Assert.All(after, f => Assert.Equal(FindingSeverity.Warning, f.Severity));
        Assert.Equal(moved, after[0].Path);
    }

    [Fact]
    public void Reports_no_mask_when_the_model_is_too_weak()
    {
        using var set = new DatasetFolder();
        set.Pair("a").Pair("b").Pair("c");
        using var engine = new OnnxEngine(ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors")));
        var warnings = new List<string>();
        var inspector = new DatasetInspector(Findings.OfFewPairs, reviewer: new SuspectMaskFinder(new ModelEvaluator(engine)));
        inspector.Inspect(set.Path, null, CancellationToken.None, warnings.Add);
        Assert.Empty(inspector.Report().Findings);
        Assert.Contains("No mask was reviewed", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static List<DatasetFinding> Inspect(DatasetFolder set, OnnxEngine engine)
    {
        var inspector = new DatasetInspector(Findings.OfFewPairs, reviewer: new SuspectMaskFinder(new ModelEvaluator(engine)));
        inspector.Inspect(set.Path, null, CancellationToken.None);
        return [.. inspector.Report().Findings.Where(f => f.Check == "MaskSuspect")];
    }
}
