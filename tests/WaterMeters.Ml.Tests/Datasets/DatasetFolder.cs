using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Imaging;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>A data set, file by file.</summary>
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

    /// <summary>Adds a photo of noise, with different bytes for each name.</summary>
    public DatasetFolder Photo(string file, int width = 40, int height = 30) =>
        Write("images", file, ImageFiles.Noise(width, height, 4, file.Sum(c => c) + file.Length));

    /// <summary>
    /// Adds a mask with foreground line by line, from the second pixel of the second line: one piece that does not touch the border.
    /// </summary>
    public DatasetFolder Mask(string file, int foreground = 200, int width = 40, int height = 30, byte on = 255)
    {
        var mask = Raster.Rent(width, height, 1);
        mask.Pixels.Clear();
        for (int i = 0; i < foreground; i++) mask.Pixels[((1 + (i / (width - 2))) * width) + 1 + (i % (width - 2))] = on;
        return Write("masks", file, mask);
    }

    public DatasetFolder Pair(string name, int foreground = 200) => Photo(name + ".png").Mask(name + ".png", foreground);

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
