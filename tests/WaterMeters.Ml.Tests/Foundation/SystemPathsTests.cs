using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class SystemPathsTests
{
    public static bool IsWindows => OperatingSystem.IsWindows();

    [Theory]
    [InlineData(@"C:\data\a.jpg", @"\\?\C:\data\a.jpg")]
    [InlineData(@"\\server\share\a.jpg", @"\\?\UNC\server\share\a.jpg")]
    [InlineData(@"\\?\C:\data", @"\\?\C:\data")]
    [InlineData(@"\\?\UNC\server\share", @"\\?\UNC\server\share")]
    [InlineData(@"\\.\COM1", @"\\.\COM1")]
    public void The_form_for_long_paths_names_drives_and_shares(string path, string expected) =>
        Assert.Equal(expected, SystemPaths.ToExtended(path));

    [Theory]
    [InlineData(@"\\?\C:\data\a.jpg", @"C:\data\a.jpg")]
    [InlineData(@"\\?\UNC\server\share\a.jpg", @"\\server\share\a.jpg")]
    [InlineData(@"\\?\Volume{0}\a.jpg", @"\\?\Volume{0}\a.jpg")]
    [InlineData(@"\\server\share", @"\\server\share")]
    [InlineData("/data/a.jpg", "/data/a.jpg")]
    public void The_usual_form_comes_back_from_it(string path, string expected) => Assert.Equal(expected, SystemPaths.FromExtended(path));

    [Fact]
    public void Only_names_that_Windows_changes_are_normalized()
    {
        string root = Path.GetPathRoot(Path.GetTempPath())!;
        string dots = Path.Combine(root, "runs", "first. "), plain = Path.Combine(root, "a b");
        Assert.Equal(plain, SystemPaths.Normalize(plain));
        Assert.Equal("relative. ", SystemPaths.Normalize("relative. "));
        Assert.Equal(IsWindows ? Path.Combine(root, "runs", "first") : dots, SystemPaths.Normalize(dots));
    }

    [Fact(SkipUnless = nameof(IsWindows), Skip = "Only Windows has names of devices in every folder.")]
    public void The_name_of_a_device_is_recognized_and_neither_read_nor_written()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "NUL", "CON", "aux.jpg", "COM1.png", "nul.jpg", "CONIN$" })
        {
            // Which names are devices depends on the version of Windows; one that is not is a file like any other.
            string path = folder[name];
            Assert.Equal(path, SystemPaths.Normalize(path));
            if (RegularFile.Describe(path) is not { } kind)
            {
                AtomicFile.WriteText(path, "text");
                Assert.Equal(name, Path.GetFileName(Assert.Single(Directory.GetFiles(folder.Path))));
                HeldFile.Delete(path);
                continue;
            }

            Assert.Equal("the name of a device in Windows", kind);
            Assert.Contains(kind, Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "text")).Message, StringComparison.Ordinal);
            Assert.Contains(kind, Assert.Throws<PhotoException>(() => FileHash.Compute(path)).Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Path));
        }

        Assert.Equal("a device", RegularFile.Describe(@"\\.\NUL"));
    }
}
