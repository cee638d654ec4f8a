using System.Text;
using WaterMeters.Ml.Foundation;
using Xunit;

namespace WaterMeters.Ml.Tests.Foundation;

public class LfsPointerTests
{
    private const string Rest = "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\n" + Rest, true)]
    [InlineData("version https://git-lfs.github.com/spec/v1\r\n" + Rest, true)] // checked out with autocrlf
    [InlineData("version https://hawser.github.com/spec/v1\n" + Rest, true)] // before the first release
    [InlineData("version https://git-lfs.github.com/spec/v1\next-0-foo sha256:12\n" + Rest, true)]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", false)]
    [InlineData("version 1\n" + Rest, false)]
    [InlineData("", false)]
    public void RecognizesAPointerByItsContent(string content, bool expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.jpg"], content);

        Assert.Equal(expected, LfsPointer.Matches(Encoding.UTF8.GetBytes(content)));
        Assert.Equal(expected, LfsPointer.IsPointer(folder["a.jpg"]));
    }

    [Fact]
    public void AMissingFileAFolderAndALargeFileAreNoPointers()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["large"], "version https://git-lfs.github.com/spec/v1\n" + Rest + new string(' ', LfsPointer.MaxBytes));

        Assert.False(LfsPointer.IsPointer(folder["none"]));
        Assert.False(LfsPointer.IsPointer(folder.Path));
        Assert.False(LfsPointer.IsPointer(folder["large"]));
    }
}
