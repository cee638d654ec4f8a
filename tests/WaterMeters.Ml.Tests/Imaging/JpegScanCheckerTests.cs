using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Jpeg;

namespace WaterMeters.Ml.Tests.Imaging;

public class JpegScanCheckerTests
{
    private const int Positions = 10;

    private static readonly byte[] EndMarker = [0xff, 0xd9];

    public static TheoryData<string> Kinds => ["zeros", "random", "removed"];

    /// <summary>The real photos and masks; 16 of them, all with WMS_PROVE=full.</summary>
    private static IEnumerable<string> RealFiles =>
        new[] { "images", "masks" }.SelectMany(folder => Directory.GetFiles(Path.Combine(SharedFolder.Meters, folder), "*.jpg")
            .Order(StringComparer.Ordinal).Take(ProcessMemory.Full ? int.MaxValue : 8));

    [Fact]
    public void Finds_nothing_in_whole_files_of_every_coding()
    {
        Assert.Equal(JpegStatus.Whole, JpegScanChecker.Check(JpegSamples.Progressive));
        Assert.Equal(JpegStatus.Whole, JpegScanChecker.Check(JpegSamples.ProgressiveDark));
        Assert.Equal(JpegStatus.Whole, JpegScanChecker.Check(JpegSamples.Restarts));
        Assert.Equal(JpegStatus.Whole, JpegScanChecker.Check(JpegSamples.Scans));
        Assert.Equal(JpegStatus.Unchecked, JpegScanChecker.Check(JpegSamples.Arithmetic));
    }

    [Fact]
    public void Finds_nothing_in_real_photos_and_masks_with_or_without_extra_bytes_before_the_end_marker()
    {
        var random = new Random(1);
        int files = 0;
        foreach (string path in RealFiles)
        {
            byte[] file = File.ReadAllBytes(path);
            int end = EndOf(file);
            byte[] noise = new byte[random.Next(1, 100)], zeros = new byte[random.Next(1, 100)];
            for (int i = 0; i < noise.Length; i++) noise[i] = (byte)random.Next(255); // without ff, which would be a marker
            foreach (byte[] extra in new[] { [], noise, zeros, [0xff, 0xff, 0xff], "written by a camera"u8.ToArray() })
            {
                byte[] longer = [.. file[..end], .. extra, .. file[end..]];
                Assert.True(JpegScanChecker.Check(longer) == JpegStatus.Whole, $"{path} with {extra.Length} bytes more");
            }

            files++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"figure: 0 of {files} real photos and masks reported, nor with extra bytes");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Finds_damage_of_512_bytes_or_more_in_real_photos(string kind)
    {
        foreach (int bytes in ProcessMemory.Full ? new[] { 16, 64, 512, 4096 } : [512])
        {
            int made = 0, found = 0;
            var photos = RealFiles.Where(path => path.Contains("images", StringComparison.Ordinal));
            foreach (string path in photos.Take(ProcessMemory.Full ? 60 : 3))
            {
                byte[] file = File.ReadAllBytes(path);
                for (int i = 1; i <= Positions; i++)
                {
                    made++;
                    if (JpegScanChecker.Check(Damaged(file, kind, bytes, i)) == JpegStatus.Damaged) found++;
                }
            }

            if (bytes >= 512) Assert.True(found >= 0.98 * made, $"{kind}, {bytes} bytes: {found} of {made}");
            string part = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100.0 * found / made:0.0} %");
            TestContext.Current.TestOutputHelper?.WriteLine($"figure: {bytes} bytes {kind}: {part} of {made} found");
        }
    }

    [Theory]
    [InlineData("progressive")]
    [InlineData("restarts")]
    [InlineData("scans")]
    public void Finds_a_scan_without_its_second_half(string coding)
    {
        byte[] file = coding switch
        {
            "progressive" => JpegSamples.Progressive,
            "restarts" => JpegSamples.Restarts,
            _ => JpegSamples.Scans,
        };
        int end = EndOf(file), from = LastScan(file, end), half = (from + end) / 2;

        Assert.Equal(JpegStatus.Damaged, JpegScanChecker.Check([.. file[..half], .. EndMarker]));
        Assert.Equal(JpegStatus.Cut, JpegScanChecker.Check(file.AsSpan(0, half)));
        Assert.Equal(JpegStatus.WholeWithoutEnd, JpegScanChecker.Check(file.AsSpan(0, end)));
        byte[] withoutScan = [.. file[..LastMarkerOfScan(file, end)], .. EndMarker];
        Assert.Equal(JpegStatus.Damaged, JpegScanChecker.Check(withoutScan));
    }

    [Fact]
    public void Finds_a_missing_restart_marker()
    {
        byte[] file = JpegSamples.Restarts;
        int marker = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xd1]);

        Assert.Equal(JpegStatus.Damaged, JpegScanChecker.Check([.. file[..marker], .. file[(marker + 2)..]]));
    }

    [Fact]
    public void Never_fails_on_random_changes()
    {
        byte[][] files = [JpegSamples.Progressive, JpegSamples.Restarts, JpegSamples.Scans, JpegSamples.Arithmetic];
        var seen = new HashSet<JpegStatus>();
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            byte[] file = [.. files[seed % files.Length]];
            for (int i = random.Next(1, 6); i > 0; i--) file[random.Next(2, file.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) file = file[..random.Next(2, file.Length)];
            seen.Add(JpegScanChecker.Check(file));
        }

        Assert.InRange(seen.Count, 4, 5);
    }

    [Fact]
    public void A_damaged_photo_is_read_with_its_flaw_and_a_header_without_an_image_is_refused()
    {
        using var folder = new TempFolder();
        byte[] file = JpegSamples.Restarts;
        int end = EndOf(file), half = (LastScan(file, end) + end) / 2;
        File.WriteAllBytes(folder["damaged.jpg"], [.. file[..half], .. EndMarker]);
        File.WriteAllBytes(folder["cut.jpg"], file[..half]);
        byte[] bomb = [.. file];
        int frame = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0]);
        (bomb[frame + 5], bomb[frame + 7]) = (0x26, 0x26); // 9,784 x 9,800 pixels
        File.WriteAllBytes(folder["bomb.jpg"], bomb);

        using (var photo = ImageReader.DecodePhoto(folder["damaged.jpg"])) Assert.Equal(ImageFlaws.DamagedPixels, photo.Flaws);
        ImageReader.ReadMask(folder["damaged.jpg"], out var flaws).Dispose();
        Assert.Equal(ImageFlaws.DamagedPixels, flaws);
        Assert.Throws<PhotoException>(() => ImageReader.DecodePhoto(folder["cut.jpg"]));
        long before = ImagePool.Shared.RentedBytes;
        Assert.Contains("truncated", Assert.Throws<PhotoException>(() => ImageReader.ReadPhoto(folder["bomb.jpg"])).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, ImagePool.Shared.RentedBytes);
    }

    [Fact]
    public void Decodes_every_coding_as_the_same_drawing()
    {
        using var expected = ImageFiles.ReadPhoto(JpegSamples.Restarts);
        foreach (byte[] file in new[] { JpegSamples.Progressive, JpegSamples.Scans, JpegSamples.Arithmetic })
        {
            using var photo = ImageFiles.ReadPhoto(file);
            Assert.True(expected.Pixels.SequenceEqual(photo.Pixels));
        }
    }

    private static byte[] Damaged(byte[] file, string kind, int bytes, int position)
    {
        int end = EndOf(file), start = LastScan(file, end), at = start + (int)((long)(end - start - bytes) * position / (Positions + 1));
        if (kind == "removed") return [.. file[..at], .. file[(at + bytes)..]];
        byte[] damaged = [.. file];
        var part = damaged.AsSpan(at, bytes);
        part.Clear();
        if (kind == "random") new Random(position).NextBytes(part);
        return damaged;
    }

    /// <summary>Returns the position of the end marker: the first outside of segments.</summary>
    private static int EndOf(byte[] file)
    {
        int at = 2;
        while (JpegMarkers.NextMarker(file, ref at, out byte marker) && marker != 0xd9)
        {
            if (!JpegMarkers.HasNoLength(marker)) at += (file[at] << 8) | file[at + 1];
        }

        return at - 2;
    }

    private static int LastMarkerOfScan(byte[] file, int end) => file.AsSpan(0, end).LastIndexOf((ReadOnlySpan<byte>)[0xff, 0xda]);

    /// <summary>Returns where the data of the last scan begin.</summary>
    private static int LastScan(byte[] file, int end)
    {
        int at = LastMarkerOfScan(file, end) + 2;
        return at + ((file[at] << 8) | file[at + 1]);
    }
}
