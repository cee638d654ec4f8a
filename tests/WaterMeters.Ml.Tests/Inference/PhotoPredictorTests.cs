using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Inference;

public sealed class PhotoPredictorTests : IDisposable
{
    private readonly TempFolder folder = new();

    public PhotoPredictorTests() => Directory.CreateDirectory(folder["out"]);

    private PredictionOptions Writing => new() { OutputPath = folder["out"] };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Returns_one_outcome_per_photo_in_order_even_when_photos_fail()
    {
        var photos = new List<string>();
        for (int i = 0; i < 30; i++)
        {
            string photo = i % 5 == 3 ? folder[$"none{i}.png"]
                : i % 7 == 5 ? Text($"text{i}.jpg")
                : Photo($"p{i}.png", 20 + (17 * i % 300), 30 + (i % 9));
            photos.Add(photo);
        }

        var outcomes = Run(new PredictionOptions(), photos);

        Assert.Equal(photos, outcomes.Select(o => o.ImagePath));
        for (int i = 0; i < 30; i++)
        {
            bool bad = i % 5 == 3 || i % 7 == 5;
            Assert.Equal(bad, outcomes[i].Failure is PhotoException);
            Assert.Equal(bad, outcomes[i].Prediction is null);
            if (bad) continue;
            var prediction = outcomes[i].Prediction!;
            Assert.Equal((20 + (17 * i % 300), 30 + (i % 9)), (prediction.Width, prediction.Height));
            Assert.Null(prediction.MaskPath);
            Assert.Null(prediction.OverlayPath);
            Assert.True(prediction.Duration > TimeSpan.Zero);
        }

        Assert.Empty(Directory.GetFiles(folder["out"]));
    }

    [Theory]
    [InlineData(2f, 1)]
    [InlineData(-2f, 0)]
    public void Measures_the_mask(float logit, double coverage)
    {
        using var engine = Engine(logit);
        var prediction = Assert.Single(Run(new PredictionOptions(), [Photo("a.png", 50, 40)], engine)).Prediction!;
        Assert.Equal(coverage, prediction.Coverage);
        Assert.Equal(
            coverage > 0 ? ((int?)0, (int?)0, (int?)50, (int?)40, 1) : (null, null, null, null, 0),
            (prediction.X, prediction.Y, prediction.BoxWidth, prediction.BoxHeight, prediction.Regions));
        Assert.Equal(coverage > 0, prediction.Angle is not null);
        Assert.Equal(coverage > 0, prediction.Confidence is not null);
        Assert.Equal(1 / (1 + Math.Exp(-2)), prediction.Confidence ?? 1 / (1 + Math.Exp(-2)), 1e-6);
        Assert.Equal(("constant", "constant.safetensors"), (prediction.Model, prediction.ModelPath));
        Assert.Equal(Precision.Float32, prediction.Precision);
    }

    [Theory]
    [InlineData(MaskSize.Photo, 50, 40)]
    [InlineData(MaskSize.Model, 32, 32)]
    public void Writes_masks_of_0_and_255_at_the_requested_size_and_overlays_on_request(MaskSize size, int width, int height)
    {
        using var engine = Engine();
        string photo = Photo("m [1] żółw.png", 50, 40);
        var prediction = Assert.Single(Run(Writing with { MaskSize = size, Overlay = true }, [photo], engine)).Prediction!;

        Assert.Equal(folder["out", "m [1] żółw.png"], prediction.MaskPath);
        Assert.Equal(folder["out", "m [1] żółw.overlay.jpg"], prediction.OverlayPath);
        Assert.Equal((50, 40), (prediction.Width, prediction.Height));
        using var mask = ImageReader.ReadMask(prediction.MaskPath!);
        Assert.Equal((width, height), (mask.Width, mask.Height));
        Assert.Equal(0, mask.Pixels.IndexOfAnyExcept((byte)0, (byte)255) + 1);
        double coverage = mask.Pixels.ToArray().Count(v => v == 255) / (double)(width * height);
        Assert.InRange(coverage, 0.01, 0.99);
        if (size == MaskSize.Photo) Assert.Equal(prediction.Coverage, coverage, 1e-12);
        using var overlay = ImageReader.ReadPhoto(prediction.OverlayPath!);
        Assert.Equal((50, 40), (overlay.Width, overlay.Height));
        Assert.Equal(2, Directory.GetFiles(folder["out"]).Length);
    }

    [Fact]
    public void Refuses_the_second_photo_of_the_same_name_and_names_both()
    {
        Directory.CreateDirectory(folder["deep"]);
        string[] photos = [Photo("a.png"), Photo(Path.Combine("deep", "A.jpg")), Photo("b.png")];
        var outcomes = Run(Writing with { Force = true }, photos);
        Assert.Equal([true, false, true], outcomes.Select(o => o.Prediction is not null));
        Assert.Contains(photos[0], outcomes[1].Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(photos[1], outcomes[1].Failure!.Message, StringComparison.Ordinal);
        Assert.All(Run(new PredictionOptions(), photos), o => Assert.NotNull(o.Prediction));
    }

    [Fact]
    public void Refuses_skips_or_replaces_an_existing_mask_by_option()
    {
        string[] photos = [Photo("a.png"), Photo("b.png")];
        string old = folder["out", "a.png"];
        File.WriteAllText(old, "old");

        var refused = Run(Writing, photos);
        Assert.Contains("-Force", refused[0].Failure!.Message, StringComparison.Ordinal);
        Assert.NotNull(refused[1].Prediction);
        File.Delete(folder["out", "b.png"]);

        var skipped = Run(Writing with { SkipExisting = true }, photos);
        Assert.Equal((null, null), (skipped[0].Prediction, skipped[0].Failure));
        Assert.NotNull(skipped[1].Prediction);
        Assert.Equal("old", File.ReadAllText(old));

        Assert.All(Run(Writing with { Force = true }, photos), o => Assert.NotNull(o.Prediction));
        using var mask = ImageReader.ReadMask(old);
        Assert.Equal(48, mask.Width);
    }

    [Fact(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "This system makes no links.")]
    public void Never_writes_a_mask_into_a_folder_that_is_a_link_to_that_of_the_photos()
    {
        Directory.CreateDirectory(folder["photos"]);
        string photo = Photo(Path.Combine("photos", "a.png")), other = Photo(Path.Combine("photos", "b.jpg"));
        byte[] before = File.ReadAllBytes(photo);
        Links.Folder(folder["link"], Path.GetDirectoryName(photo)!);
        var outcomes = Run(Writing with { OutputPath = folder["link"], Force = true }, [photo, other]);
        Assert.All(outcomes, o => Assert.Contains("Choose another -OutputPath.", o.Failure!.Message, StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(photo));
    }

    [Fact]
    public void Never_writes_a_window_into_the_folder_of_the_photos_or_over_the_mask_of_another()
    {
        string photo = Photo("a.jpg"), other = Photo("a.window.jpg");
        byte[] before = File.ReadAllBytes(other);
        var outcomes = Run(new PredictionOptions { CropPath = folder.Path, Force = true }, [photo, other]);
        Assert.All(outcomes, o => Assert.Contains("Choose another -CropPath.", o.Failure!.Message, StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(other));

        var together = new PredictionOptions { OutputPath = folder["out"], CropPath = folder["out"], CropFormat = CropFormat.Png };
        Assert.Contains("would both be", Run(together, [photo, other])[1].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_writes_over_a_photo_of_another_folder_or_an_overlay_into_that_of_the_photos()
    {
        string photo = Photo("x.jpg"), other = Photo(Path.Combine("out", "x.png"));
        byte[] before = File.ReadAllBytes(other);
        var outcome = Assert.Single(Run(Writing with { Force = true }, [photo]));
        Assert.Contains("is not a mask", outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(other));

        var beside = new PredictionOptions { OutputPath = folder.Path, Overlay = true, SkipExisting = true };
        Assert.Contains("overlay of", Assert.Single(Run(beside, [photo])).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_writes_a_mask_over_its_own_photo()
    {
        string photo = Photo(Path.Combine("out", "a.png"));
        byte[] before = File.ReadAllBytes(photo);
        var outcome = Assert.Single(Run(Writing with { Force = true }, [photo]));
        Assert.Contains("the photo itself", outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(photo));
    }

    [Fact]
    public void Fails_only_the_photo_whose_mask_cannot_be_written_or_whose_logits_are_not_finite()
    {
        string[] photos = [Photo("a.png"), Photo("b.png"), Photo("c.png")];
        Directory.CreateDirectory(folder["out", "b.png"]);
        var outcomes = Run(Writing with { Force = true }, photos);
        Assert.Equal([true, false, true], outcomes.Select(o => o.Prediction is not null));
        Assert.Contains(folder["out", "b.png"], outcomes[1].Failure!.Message, StringComparison.Ordinal);

        using var engine = new TorchEngine(TestModels.NotFinite(), Precision.Float32, ComputeDevice.Cpu);
        var failed = Run(new PredictionOptions { OutputPath = folder["other"] }, photos, engine);
        Assert.All(failed, o => Assert.Contains("not finite", o.Failure!.Message, StringComparison.Ordinal));
        Assert.False(Directory.Exists(folder["other"]));
    }

    [Fact]
    public void Processes_a_photo_above_the_limit_alone_and_gives_the_same_predictions()
    {
        string[] photos = [.. Enumerable.Range(0, 8).Select(i => Photo($"p{i}.png", i % 3 == 1 ? 400 : 60, 50))];
        using var engine = Engine();
        var expected = Predict(new PredictionOptions());
        foreach (long bytes in new long[] { 1, 20_000, 60_000, 120_000 })
        {
            Assert.Equal(expected, Predict(new PredictionOptions { MemoryBytes = bytes }));
        }

        List<Prediction> Predict(PredictionOptions options) =>
            [.. Run(options, photos, engine).Select(o => o.Prediction! with { Duration = default })];
    }

    [Fact]
    public void Returns_finished_photos_while_the_queue_is_empty()
    {
        string[] photos = [Photo("a.png"), Photo("b.png")];
        using var engine = Engine();
        using var queue = new PhotoQueue();
        Assert.True(queue.TryAdd(photos[0]));
        var predictor = new PhotoPredictor(engine, new PredictionOptions());
        using var outcomes = predictor.Run(queue, TestContext.Current.CancellationToken).GetEnumerator();
        Assert.True(outcomes.MoveNext());
        Assert.Equal(photos[0], outcomes.Current.ImagePath);
        Assert.True(queue.TryAdd(photos[1]));
        queue.Complete();
        Assert.True(outcomes.MoveNext());
        Assert.Equal(photos[1], outcomes.Current.ImagePath);
        Assert.False(outcomes.MoveNext());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Leaves_only_complete_files_when_cancelled_or_when_the_caller_stops(bool cancel)
    {
        string[] photos = [.. Enumerable.Range(0, 20).Select(i => Photo($"p{i}.png"))];
        using var engine = Engine();
        using var stop = new CancellationTokenSource();
        int seen = 0;
        void Read()
        {
            var predictor = new PhotoPredictor(engine, Writing with { Overlay = true });
            foreach (var outcome in predictor.Run(PhotoQueue.Create(photos), stop.Token))
            {
                if (++seen != 3) continue;
                if (!cancel) break;
                stop.Cancel();
            }
        }

        if (cancel) Assert.ThrowsAny<OperationCanceledException>(Read);
        else Read();

        Assert.Equal(3, seen);
        string[] files = Directory.GetFiles(folder["out"]);
        Assert.InRange(files.Length, 6, 2 * 10);
        Assert.All(files, f => Assert.Matches(@"p\d+(\.overlay\.jpg|\.png)$", f));
        foreach (string file in files) ImageReader.ReadPhoto(file).Dispose();
    }

    private static TorchEngine Engine(float? logit = null) =>
        new(logit is { } value ? TestModels.Constant(value) : Halved(), Precision.Float32, ComputeDevice.Cpu);

    /// <summary>Creates a random network whose logits are half above and half below zero.</summary>
    private static Ml.Models.SegmentationModel Halved()
    {
        var model = TestModels.Random(4);
        float[] logits = new float[32 * 32];
        byte[] planes = new byte[3 * 32 * 32];
        new Random(1).NextBytes(planes);
        using (var engine = new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu)) engine.Predict(planes, logits);
        model.Weights["final.bias"].Values[0] -= logits.Order().ElementAt(logits.Length / 2);
        return model;
    }

    private static List<PhotoOutcome> Run(PredictionOptions options, IReadOnlyList<string> photos, TorchEngine? engine = null)
    {
        using var own = engine is null ? Engine() : null;
        using var queue = PhotoQueue.Create(photos);
        return [.. new PhotoPredictor(engine ?? own!, options).Run(queue, TestContext.Current.CancellationToken)];
    }

    private string Photo(string name, int width = 48, int height = 36)
    {
        using var image = ImageFiles.Noise(width, height, 4, name.Length + width);
        if (name.EndsWith(".png", StringComparison.Ordinal)) ImageWriter.WritePng(image, folder[name]);
        else ImageWriter.WriteJpeg(image, folder[name], 90);
        return folder[name];
    }

    private string Text(string name)
    {
        File.WriteAllText(folder[name], "no image");
        return folder[name];
    }
}
