using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Imaging;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>A data set made by hand, file by file.</summary>
internal sealed class DatasetFolder : IDisposable
{
    private readonly TempFolder folder = new();

    public DatasetFolder()
    {
        Directory.CreateDirectory(folder["images"]);
        Directory.CreateDirectory(folder["masks"]);
    }

    public string Path => folder.Path;

    public string this[params string[] parts] => folder[parts];

    /// <summary>A photo of noise, other bytes for every name.</summary>
    public DatasetFolder Photo(string file, int width = 40, int height = 30) => Write("images", file, ImageFiles.Noise(width, height, 4, file.Sum(c => c) + file.Length));

    /// <summary>A mask of 0 with some pixels of 255, line by line from the second pixel of the second line: one piece, off the border.</summary>
    public DatasetFolder Mask(string file, int meter = 200, int width = 40, int height = 30, byte on = 255)
    {
        var mask = Raster.Rent(width, height, 1);
        mask.Pixels.Clear();
        for (int i = 0; i < meter; i++) mask.Pixels[((1 + (i / (width - 2))) * width) + 1 + (i % (width - 2))] = on;
        return Write("masks", file, mask);
    }

    public DatasetFolder Pair(string name, int meter = 200) => Photo(name + ".png").Mask(name + ".png", meter);

    public DatasetFolder Text(string part, string file, string text)
    {
        File.WriteAllText(folder[part, file], text);
        return this;
    }

    public void Dispose() => folder.Dispose();

    private DatasetFolder Write(string part, string file, Raster image)
    {
        using (image)
        {
            if (file.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) ImageWriter.WritePng(image, folder[part, file]);
            else ImageWriter.WriteJpeg(image, folder[part, file], 92);
        }

        return this;
    }
}
