using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class AtomicFileTests
{
    [Fact]
    public void Replaces_a_file_as_a_whole()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.txt"], "an older and longer text");
        AtomicFile.WriteText(folder["a.txt"], "zażółć");
        Assert.Equal("zażółć"u8.ToArray(), File.ReadAllBytes(folder["a.txt"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Leaves_the_old_file_when_the_writer_throws()
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
    public void Leaves_nothing_when_the_place_cannot_be_written()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["taken"]);
        Assert.ThrowsAny<Exception>(() => AtomicFile.WriteText(folder["taken"], "text"));
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(folder["no", "such", "folder.txt"], "text"));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Writes_one_of_many_and_leaves_an_old_file_that_may_not_be_replaced()
    {
        using var folder = new TempFolder();
        AtomicFile.WriteOneOfMany(folder["a.txt"], "first"u8, overwrite: false);
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteOneOfMany(folder["a.txt"], "second"u8, overwrite: false));
        Assert.Equal("first", File.ReadAllText(folder["a.txt"]));
        AtomicFile.WriteOneOfMany(folder["a.txt"], "second"u8);
        Assert.Equal("second", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }
}
