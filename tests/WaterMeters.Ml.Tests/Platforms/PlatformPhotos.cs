using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Platforms;

/// <summary>
/// The photos, and the network, whose results are compared between systems. With WMS_PLATFORM_PATH, for tests/Proofs/SameOnWindows.ps1:
/// real photos and a trained network, and the results are written to that folder. Otherwise photos that integers alone define.
/// </summary>
internal static class PlatformPhotos
{
    /// <summary>Number of real photos.</summary>
    public const int Count = 40;

    /// <summary>The folder that results are written to; null outside the proof.</summary>
    public static string? ResultPath { get; } = Environment.GetEnvironmentVariable("WMS_PLATFORM_PATH");

    /// <summary>The folder that another system has written its results to; null when there is none.</summary>
    public static string? OtherPath { get; } = Environment.GetEnvironmentVariable("WMS_PLATFORM_OTHER");

    /// <summary>Whether the real photos are used.</summary>
    public static bool AreReal => ResultPath is not null;

    /// <summary>Returns the network: the legacy pipeline's for real photos, otherwise a small random one with large logits.</summary>
    public static SegmentationModel Model()
    {
        if (AreReal) return ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors"));
        var weights = TestModels.Weights(4);
        foreach (ref float weight in weights["final.weight"].Values.AsSpan()) weight *= 200;
        return TestModels.Create(weights, 64);
    }

    /// <summary>Returns the real photos or, in a folder, the drawn ones; by name.</summary>
    public static IReadOnlyList<string> Files(TempFolder folder) => AreReal ? RealFiles() : Draw(folder);

    /// <summary>Returns the real photos, by name.</summary>
    public static IReadOnlyList<string> RealFiles()
    {
        var files = Directory.GetFiles(Path.Combine(SharedFolder.Meters, "images"), "*.jpg").Order(StringComparer.Ordinal).Take(Count);
        string[] photos = [.. files];
        Assert.Equal(Count, photos.Length);
        return photos;
    }

    /// <summary>Returns the mask of a real photo.</summary>
    public static string MaskOf(string photo) => Path.Combine(SharedFolder.Meters, "masks", Path.GetFileName(photo));

    /// <summary>Writes a result of the real photos; does nothing with the drawn ones.</summary>
    public static void Keep(string name, ReadOnlySpan<byte> content)
    {
        if (ResultPath is null) return;
        string path = Path.Combine(ResultPath, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    /// <summary>Writes lines of text as a result of the real photos.</summary>
    public static void Keep(string name, IEnumerable<string> lines) =>
        Keep(name, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    /// <summary>Draws discs on a shaded and noisy ground, as PNG, JPEG, rotated JPEG and WebP.</summary>
    private static List<string> Draw(TempFolder folder)
    {
        using var wide = Picture(333, 211, 1);
        using var tall = Picture(190, 301, 2);
        byte[] jpeg = ImageFiles.Jpeg(tall, folder, quality: 88);
        List<(string Name, byte[] Content)> files =
        [
            ("a.png", ImageFiles.Png(wide, folder)),
            ("b.jpg", ImageFiles.Jpeg(wide, folder, quality: 92)),
            ("c.jpg", ImageFiles.WithOrientation(jpeg, 6, little: false)),
            ("d.webp", ImageFiles.Webp(tall, lossy: true)),
            ("e.jpg", JpegSamples.Progressive),
        ];
        foreach (var (name, content) in files) File.WriteAllBytes(folder[name], content);
        return [.. files.Select(file => folder[file.Name])];
    }

    private static Raster Picture(int width, int height, int seed)
    {
        var random = new DeterministicRandom(seed);
        var picture = Raster.Rent(width, height, 4);
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at += 4)
            {
                int dx = x - (width / 2), dy = y - (height / 3), noise = (int)(random.NextBits() & 31);
                bool disc = (dx * dx) + (dy * dy) < height * height / 12, bar = Math.Abs(dx) < width / 6 && Math.Abs(dy) < height / 20;
                int light = (bar ? 10 : disc ? 200 : 60) + noise;
                picture.Pixels[at] = (byte)(light + (x * 20 / width));
                picture.Pixels[at + 1] = (byte)(light + (y * 20 / height));
                picture.Pixels[at + 2] = (byte)light;
                picture.Pixels[at + 3] = 255;
            }
        }

        return picture;
    }
}
