using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

public class PreprocessorGoldenTests
{
    private static readonly Preprocessor Preprocessor512 = new(512);

    [Theory]
    [InlineData("alpha-320x240")]
    [InlineData("crop-600x450")]
    [InlineData("crop-tall-300x900")]
    [InlineData("exact-512")]
    [InlineData("flat-200x200")]
    [InlineData("gray-300x200")]
    [InlineData("noise-640x480")]
    [InlineData("palette-600x450")]
    [InlineData("small-37x53")]
    public void Equals_the_legacy_pipeline_on_png_inputs(string name)
    {
        var (mean, most, equal) = Difference(
            SharedFolder.Golden("preprocess", name + ".in.png"), SharedFolder.Golden("preprocess", name + ".expected.png"));

        Assert.InRange(most, 0, 1);
        Assert.InRange(equal, 0.999, 1);
        Assert.InRange(mean, 0, 0.001);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void Is_close_to_the_legacy_pipeline_on_rotated_jpegs(int orientation)
    {
        var (mean, _, _) = Difference(
            SharedFolder.Golden("preprocess", $"exif-{orientation}.in.jpg"),
            SharedFolder.Golden("preprocess", $"exif-{orientation}.expected.png"));

        Assert.InRange(mean, 0, 0.5);
    }

    [Fact]
    public void Is_close_to_the_legacy_pipeline_on_real_photos()
    {
        foreach (string name in SharedFolder.GoldenPhotos())
        {
            Assert.InRange(Difference(Photo(name), SharedFolder.Golden("predict", name + ".preprocessed.png")).Mean, 0, 0.5);
        }
    }

    [Fact]
    public void Finds_a_large_difference_between_two_photos()
    {
        // Proves that the comparisons above can fail.
        var names = SharedFolder.GoldenPhotos();
        Assert.True(Difference(Photo(names[0]), SharedFolder.Golden("predict", names[1] + ".preprocessed.png")).Mean > 10);
    }

    private static string Photo(string name) => Path.Combine(SharedFolder.Meters, "images", name + ".jpg");

    private static (double Mean, int Most, double Equal) Difference(string photoFile, string expectedFile)
    {
        using var photo = ImageReader.ReadPhoto(photoFile);
        using var expected = ImageReader.ReadPhoto(expectedFile);
        Assert.Equal((512, 512), (expected.Width, expected.Height));

        var planes = new byte[Preprocessor512.PlanesLength];
        lock (Preprocessor512) Preprocessor512.Run(photo, planes);

        long sum = 0;
        int most = 0, equal = 0;
        byte[] colours = ImageFiles.Colours(expected);
        for (int i = 0; i < planes.Length; i++)
        {
            int difference = Math.Abs(planes[i] - colours[(3 * (i % (512 * 512))) + (i / (512 * 512))]);
            sum += difference;
            most = Math.Max(most, difference);
            if (difference == 0) equal++;
        }

        return (sum / (double)planes.Length, most, equal / (double)planes.Length);
    }
}
