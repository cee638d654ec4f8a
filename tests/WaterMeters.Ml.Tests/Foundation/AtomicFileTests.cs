using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class AtomicFileTests
{
    [Fact]
    public void Replaces_an_existing_file()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.txt"], "an older and longer text");
        AtomicFile.WriteText(folder["a.txt"], "zażółć");
        Assert.Equal("zażółć"u8.ToArray(), File.ReadAllBytes(folder["a.txt"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Keeps_the_old_file_when_the_writer_throws()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.txt"], "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("half of it"u8);
            throw new InvalidDataException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Leaves_no_temporary_file_when_the_target_cannot_be_written()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["taken"]);
        Assert.ThrowsAny<Exception>(() => AtomicFile.WriteText(folder["taken"], "text"));
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(folder["no", "such", "folder.txt"], "text"));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Keeps_an_existing_file_unless_overwriting_is_allowed()
    {
        using var folder = new TempFolder();
        AtomicFile.WriteUnflushed(folder["a.txt"], "first"u8, overwrite: false);
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteUnflushed(folder["a.txt"], "second"u8, overwrite: false));
        Assert.Equal("first", File.ReadAllText(folder["a.txt"]));
        AtomicFile.WriteUnflushed(folder["a.txt"], "second"u8);
        Assert.Equal("second", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }
}
