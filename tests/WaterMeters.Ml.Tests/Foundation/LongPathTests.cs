using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Tests.Foundation;

/// <summary>Windows functions take 260 characters, unless the path has another form.</summary>
public sealed class LongPathTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string deep;

    public LongPathTests()
    {
        deep = Path.Combine([folder.Path, .. Enumerable.Repeat(new string('d', 90), 5), "images"]);
        Directory.CreateDirectory(deep);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_has_an_identity()
    {
        string file = Path.Combine(deep, "a.png");
        File.WriteAllText(file, "a");
        Assert.True(file.Length > 400);
        Assert.NotNull(FileIdentity.Of(file));
        Assert.NotNull(FileIdentity.Of(deep));
        Assert.NotEqual(FileIdentity.Of(deep), FileIdentity.Of(file));
        Assert.True(FileIdentity.IsInside(file, folder.Path));
        if (OperatingSystem.IsWindows()) Assert.Equal(FileIdentity.Of(file), FileIdentity.Of(@"\\?\" + file));
    }

    [Fact]
    public void A_file_is_written_listed_hashed_replaced_and_removed()
    {
        string file = Path.Combine(deep, "a.png");
        AtomicFile.WriteText(file, "first");
        AtomicFile.WriteText(file, "second");
        Assert.Equal(file, Assert.Single(PhotoFolder.List(deep).Photos));
        Assert.Equal(FileHash.ComputeBytes("second"u8), FileHash.Compute(file));
        HeldFile.Delete(file);
        Assert.Empty(Directory.GetFiles(deep));
        using (FileLock.Take(Path.Combine(deep, "x.lock"), TimeSpan.Zero)) Assert.Single(Directory.GetFiles(deep));
    }

    [Fact]
    public void Its_disk_has_free_space()
    {
        long? expected = DiskSpace.Free(folder.Path), actual = DiskSpace.Free(Path.Combine(deep, "not", "there"));
        Assert.True(expected > 0);
        Assert.InRange(actual!.Value, expected.Value / 2, expected.Value * 2);
        if (OperatingSystem.IsWindows()) Assert.True(DiskSpace.Free(@"\\?\" + deep) > 0);
        Assert.True(DiskSpace.Free(Path.GetPathRoot(folder.Path)!) > 0);
    }
}
