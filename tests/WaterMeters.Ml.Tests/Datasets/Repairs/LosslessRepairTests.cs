using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Imaging;

namespace WaterMeters.Ml.Tests.Datasets.Repairs;

/// <summary>What differs in a file differs in its replacement, or the file stays.</summary>
public class LosslessRepairTests
{
    private const int Width = 40, Height = 30, Window = 200;

    private static readonly (string, byte[]) BlackPalette = ("PLTE", new byte[9]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Masks of exactly two values, and the check that names them.</summary>
    public static TheoryData<string, DatasetCheck> TwoValues => new()
    {
        { "8 bits, 0 and 1", DatasetCheck.MaskLabels },
        { "8 bits, 0 and 254", DatasetCheck.MaskNotBinary },
        { "8 bits, 200 and 255", DatasetCheck.MaskLabels },
        { "2 bits, 0 and 1", DatasetCheck.MaskLabels },
        { "16 bits, 0 and 1", DatasetCheck.MaskLabels },
        { "16 bits, 0 and 255", DatasetCheck.MaskLabels },
        { "16 bits, 0 and 65535", DatasetCheck.SixteenBit },
        { "palette, all black", DatasetCheck.MaskLabels },
        { "palette, black and white", DatasetCheck.Palette },
        { "RGB, blue of 0 and 1", DatasetCheck.MaskLabels },
        { "lossless WebP, 0 and 1", DatasetCheck.MaskLabels },
        { "lossless WebP, 0 and 254", DatasetCheck.MaskNotBinary },
    };

    /// <summary>Masks and photos that no file of 8 bits per value replaces, and a part of the reason.</summary>
    public static TheoryData<string, string> MoreValues => new()
    {
        { "16 bits, 0, 1 and 65535", "more than two values (0 to 65535)" },
        { "8 bits, 0, 1 and 2", "more than two values (0 to 2)" },
        { "palette, three black", "more than two values (0 to 2)" },
        { "palette, twins of black", "more than two values (0 to 2)" },
        { "palette, second darker", "unclear which" },
        { "16 bits, only 1", "only the value 1" },
        { "JPEG, 0 and 10", "JPEG file with the values" },
        { "lossy WebP, 0 and 10", "lossy WebP file with the values" },
        { "lossless WebP, 0, 1 and 2", "more than two values (0 to 2)" },
        { "JPEG, 0, 30 and 255", "areas of the mask are grey" },
        { "photo of 12 bits", "more than 8 of its 16 bits" },
        { "photo of 12 bits, opaque", "more than 8 of its 16 bits (highest value: 4080 of 65535)" },
        { "photo with a black palette", "same colour" },
        { "photo with transparent pixels", "transparent pixels" },
    };

    [Theory]
    [MemberData(nameof(TwoValues))]
    public void A_mask_of_two_values_becomes_0_and_255(string kind, DatasetCheck check)
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", Width, Height);
        WriteMask(folder, kind);
        var finding = Assert.Single(Findings.In(folder.Path));
        Assert.Equal(check.ToString(), finding.Check);
        Assert.True(check is not (DatasetCheck.MaskLabels or DatasetCheck.MaskNotBinary)
            || finding.Message.Contains("Repair-WmsDataset", StringComparison.Ordinal), finding.Message);

        var repair = Assert.Single(Repair(folder));
        Assert.Equal((RepairOutcome.Repaired, check.ToString()), (repair.Outcome, repair.Repairs));
        using var mask = ImageReader.ReadMask(folder["masks", "a.png"]);
        Assert.Equal(Enumerable.Range(0, Width * Height).Select(i => (byte)(IsWindow(i) ? 255 : 0)), mask.Pixels.ToArray());
        Assert.Empty(Findings.In(folder.Path));
        Assert.Equal(repair.OldHash, FileHash.Compute(repair.BackupPath!));
    }

    [Theory]
    [MemberData(nameof(MoreValues))]
    public void A_file_of_more_values_stays_with_a_reason(string kind, string reason)
    {
        using var folder = new DatasetFolder();
        if (kind.StartsWith("photo", StringComparison.Ordinal))
        {
            folder.Mask("a.png", Window, Width, Height);
            File.WriteAllBytes(folder["images", "a.png"], Photo(kind));
        }
        else
        {
            folder.Photo("a.png", Width, Height);
            WriteMask(folder, kind);
        }

        var before = FolderContents.Hashes(folder.Path);
        var repair = Assert.Single(Repair(folder));
        Assert.Equal(RepairOutcome.Left, repair.Outcome);
        Assert.Contains(reason, repair.Reason, StringComparison.Ordinal);
        Assert.Matches(@"\. (Save|Export|Use) [^.]+\.$", repair.Reason!);
        Assert.Equal(before, FolderContents.Hashes(folder.Path));
    }

    [Theory]
    [InlineData("photo of 8 bits, repeated")]
    [InlineData("photo of 8 bits, shifted")]
    [InlineData("photo of 8 bits, shifted, opaque")]
    [InlineData("photo with a grey palette")]
    public void A_photo_whose_values_8_bits_hold_keeps_its_pixels(string kind)
    {
        using var folder = new DatasetFolder();
        folder.Mask("a.png", Window, Width, Height);
        File.WriteAllBytes(folder["images", "a.png"], Photo(kind));
        using var before = ImageReader.ReadPhoto(folder["images", "a.png"]);
        Assert.Equal(RepairOutcome.Repaired, Assert.Single(Repair(folder)).Outcome);
        using var after = ImageReader.ReadPhoto(folder["images", "a.png"]);
        Assert.Equal(ImageFiles.Colours(before), ImageFiles.Colours(after));
        Assert.Equal(8, ImageReader.ReadHeader(folder["images", "a.png"]).BitDepth);
    }

    [Fact]
    public void The_originals_are_beside_the_data_and_a_second_repair_keeps_them()
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", Width, Height);
        WriteMask(folder, "8 bits, 0 and 1");
        string first = Assert.Single(Repair(folder)).OldHash!;
        WriteMask(folder, "16 bits, 0 and 1");
        var preview = Assert.Single(Preview(folder));
        var second = Assert.Single(Repair(folder));
        Assert.Equal(second with { Outcome = RepairOutcome.WouldRepair }, preview);
        Assert.Equal(folder["originals", "masks", "a-2.png"], second.BackupPath);
        Assert.Equal(first, FileHash.Compute(folder["originals", "masks", "a.png"]));
        Assert.Equal(second.OldHash, FileHash.Compute(second.BackupPath!));
        Assert.Equal("*", File.ReadAllLines(folder["originals", ".gitignore"])[^1]);
        Assert.Empty(Findings.In(folder.Path));
        Assert.Empty(Repair(folder));
    }

    [Fact]
    public void A_mask_that_changed_since_it_was_measured_stays()
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", Width, Height);
        WriteMask(folder, "8 bits, 0 and 1");
        var repairer = new DatasetRepairer();
        var steps = repairer.Plan(folder.Path, null, Stop);
        WriteMask(folder, "8 bits, 0, 1 and 2");
        var before = FolderContents.Hashes(folder.Path);
        var repair = Assert.Single(repairer.Apply(steps, null, Stop));
        Assert.Equal(RepairOutcome.Left, repair.Outcome);
        Assert.Contains("changed the mask", repair.Reason, StringComparison.Ordinal);
        Assert.Equal(before, FolderContents.Hashes(folder.Path));
    }

    private static List<DatasetRepair> Repair(DatasetFolder folder)
    {
        var repairer = new DatasetRepairer(OriginalsFolder.PathFor(folder.Path));
        return [.. repairer.Apply(repairer.Plan(folder.Path, null, Stop), null, Stop)];
    }

    private static List<DatasetRepair> Preview(DatasetFolder folder)
    {
        var repairer = new DatasetRepairer(OriginalsFolder.PathFor(folder.Path));
        var before = FolderContents.Hashes(folder.Path);
        var records = repairer.Preview(repairer.Plan(folder.Path, null, Stop), Stop).ToList();
        Assert.Equal(before, FolderContents.Hashes(folder.Path));
        return records;
    }

    /// <summary>Whether a pixel is in the window of <see cref="DatasetFolder.Mask"/>.</summary>
    private static bool IsWindow(int pixel)
    {
        int x = pixel % Width, at = ((pixel / Width) - 1) * (Width - 2);
        return x is > 0 and < Width - 1 && at >= 0 && at + x - 1 < Window;
    }

    private static void WriteMask(DatasetFolder folder, string kind)
    {
        if (kind == "JPEG, 0 and 10")
        {
            folder.Mask("a.jpg", Window, Width, Height, on: 10);
            return;
        }

        if (kind == "JPEG, 0, 30 and 255")
        {
            // A second label below the window, of a value that no ringing check counts as far from black.
            using var labels = Raster.Rent(Width, Height, 1);
            for (int i = 0; i < labels.Pixels.Length; i++) labels.Pixels[i] = (byte)(IsWindow(i) ? 255 : i / Width >= 14 ? 30 : 0);
            ImageWriter.WriteJpeg(labels, folder["masks", "a.jpg"], 95);
            return;
        }

        if (kind.Contains("WebP", StringComparison.Ordinal))
        {
            using var drawn = Raster.Rent(Width, Height, 4);
            int[] values = [.. System.Text.RegularExpressions.Regex.Matches(kind, @"\d+").Select(m => int.Parse(m.Value, null))];
            for (int i = 0; i < drawn.Pixels.Length; i++)
            {
                drawn.Pixels[i] = (byte)(i < 4 && values.Length > 2 ? values[2] : IsWindow(i / 4) ? values[1] : values[0]);
            }

            File.WriteAllBytes(folder["masks", "a.webp"], ImageFiles.Webp(drawn, kind.StartsWith("lossy", StringComparison.Ordinal)));
            return;
        }

        File.WriteAllBytes(folder["masks", "a.png"], kind switch
        {
            "8 bits, 0 and 1" => Grey(8, 0, 1),
            "8 bits, 0 and 254" => Grey(8, 0, 254),
            "8 bits, 200 and 255" => Grey(8, 200, 255),
            "8 bits, 0, 1 and 2" => Grey(8, 0, 1, 2),
            "2 bits, 0 and 1" => Grey(2, 0, 1),
            "16 bits, 0 and 1" => Grey(16, 0, 1),
            "16 bits, 0 and 255" => Grey(16, 0, 255),
            "16 bits, 0 and 65535" => Grey(16, 0, 65535),
            "16 bits, 0, 1 and 65535" => Grey(16, 0, 65535, 1),
            "16 bits, only 1" => Grey(16, 1, 1),
            "palette, all black" => Image(8, 3, i => [(byte)(IsWindow(i) ? 1 : 0)], BlackPalette),
            "palette, black and white" => Image(8, 3, i => [(byte)(IsWindow(i) ? 1 : 0)], ("PLTE", [0, 0, 0, 255, 255, 255])),
            "palette, three black" => Image(8, 3, i => [(byte)(IsWindow(i) ? 1 : i == 0 ? 2 : 0)], BlackPalette),
            "palette, twins of black" =>
                Image(8, 3, i => [(byte)(IsWindow(i) ? 1 : i == 0 ? 2 : 0)], ("PLTE", [0, 0, 0, 255, 255, 255, 0, 0, 0])),
            "palette, second darker" => Image(8, 3, i => [(byte)(IsWindow(i) ? 1 : 0)], ("PLTE", [9, 9, 9, 0, 0, 0])),
            "RGB, blue of 0 and 1" => Image(8, 2, i => [0, 0, (byte)(IsWindow(i) ? 1 : 0)]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown"),
        });
    }

    private static byte[] Photo(string kind)
    {
        using var noise = ImageFiles.Noise(Width, Height, 1, 5);
        byte[] values = noise.Pixels.ToArray();
        return kind switch
        {
            "photo of 12 bits" => Image(16, 0, i => [(byte)(values[i] >> 4), (byte)(values[i] << 4)]),
            "photo of 8 bits, repeated" => Image(16, 0, i => [values[i], values[i]]),
            "photo of 12 bits, opaque" => Image(16, 4, i => [(byte)(values[i] >> 4), (byte)(values[i] << 4), 255, 255]),
            "photo of 8 bits, shifted, opaque" => Image(16, 4, i => [values[i], 0, 255, 255]),
            "photo of 8 bits, shifted" => Image(16, 0, i => [values[i], 0]),
            "photo with a black palette" => Image(8, 3, i => [(byte)(values[i] % 3)], BlackPalette),
            "photo with a grey palette" => Image(8, 3, i => [(byte)(values[i] % 3)], ("PLTE", [0, 0, 0, 9, 9, 9, 200, 200, 200])),
            "photo with transparent pixels" => Image(16, 4, i => [values[i], values[i], values[i], values[i]]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown"),
        };
    }

    /// <summary>Returns a grey mask: background, window, and a first pixel of its own.</summary>
    private static byte[] Grey(int depth, int background, int window, int? first = null)
    {
        int Value(int i) => i == 0 && first is { } own ? own : IsWindow(i) ? window : background;
        if (depth > 8) return Image(depth, 0, i => [(byte)(Value(i) >> 8), (byte)Value(i)]);
        if (depth == 8) return Image(depth, 0, i => [(byte)Value(i)]);
        byte Packed(int first) => (byte)Enumerable.Range(first, 4).Aggregate(0, (packed, i) => (packed << 2) | Value(i));
        var lines = Enumerable.Range(0, Height)
            .Select(y => Enumerable.Range(0, Width / 4).Select(x => Packed((y * Width) + (4 * x))).ToArray());
        return ImageFiles.Png(Width, Height, depth, 0, lines);
    }

    private static byte[] Image(int depth, int colour, Func<int, byte[]> pixel, params (string Name, byte[] Body)[] chunks)
    {
        var lines = Enumerable.Range(0, Height).Select(y => Enumerable.Range(y * Width, Width).SelectMany(pixel).ToArray());
        return ImageFiles.Png(Width, Height, depth, colour, lines, chunks);
    }
}
