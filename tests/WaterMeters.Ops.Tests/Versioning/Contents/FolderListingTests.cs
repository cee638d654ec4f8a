using System.Text;
using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Tests.Versioning.Contents;

public class FolderListingTests
{
    [Theory]
    [InlineData("5ea40360f5b4ec688df672a4db9c17d1", "foo=foo", "bar=bar")]
    [InlineData("55d05978954d1b2cd7b06aedda9b9e43", "foo=foo", "bar=bar", "sub_dir/baz=sub_dir/baz")]
    public void Has_the_hash_that_DVC_computes(string hash, params string[] files)
    {
        var listing = new FolderListing(files.Select(file => file.Split('='))
            .Select(parts => new FileEntry(parts[0], ContentHash.Of(Encoding.UTF8.GetBytes(parts[1])))));
        Assert.Equal(hash, ContentHash.Of(listing.ToBytes()).ToString());
    }

    [Fact]
    public void Orders_by_code_point_and_escapes_as_Python_does()
    {
        // U+FF5E comes before U+1F600, whose UTF-16 units come first.
        string[] names = ["\U0001F600", "\uff5e", "a\"b", "ä\u007f", "A"];
        byte[] bytes = new FolderListing(names.Select(name => new FileEntry(name, default))).ToBytes();
        string zero = new('0', 32);
        string[] expected = ["A", "a\\\"b", "\\u00e4\\u007f", "\\uff5e", "\\ud83d\\ude00"];
        string text = $"[{string.Join(", ", expected.Select(name => $"{{\"md5\": \"{zero}\", \"relpath\": \"{name}\"}}"))}]";
        Assert.Equal(text, Encoding.ASCII.GetString(bytes));
        if (OperatingSystem.IsWindows()) return; // it refuses a quotation mark in a name
        Assert.Equal(["A", "a\"b", "ä\u007f", "\uff5e", "\U0001F600"], FolderListing.Read(bytes, "x").Entries.Select(e => e.Path));
    }

    [Theory]
    [InlineData("../x", "leads out of the folder")]
    [InlineData("a/../../x", "leads out of the folder")]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("C:/x", "is absolute")]
    [InlineData("\\\\server\\x", "is absolute")]
    [InlineData("a\\..\\..\\x", "leads out of the folder on Windows")]
    [InlineData("a//b", "is not a plain path")]
    [InlineData("./a", "is not a plain path")]
    [InlineData("", "has no name")]
    [InlineData(".git/hooks/post-checkout", "leads into the folder of another program")]
    [InlineData(".GIT/hooks/post-checkout", "leads into the folder of another program")]
    [InlineData("GIT~1/hooks/post-checkout", "leads into the folder of another program")]
    public void Refuses_paths_that_leave_the_folder(string path, string reason)
    {
        byte[] bytes = new FolderListing([new FileEntry(path, default)]).ToBytes();
        var e = Assert.Throws<DatasetVersionException>(() => FolderListing.Read(bytes, "x.dir"));
        Assert.Equal(DatasetVersionFault.Unusable, e.Fault);
        if (!OperatingSystem.IsWindows()) Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aux.jpg")]
    [InlineData("a/COM1")]
    [InlineData("nul ")]
    [InlineData("a?.jpg")]
    [InlineData("a.")]
    [InlineData("a\nb")]
    public void Refuses_names_that_Windows_cannot_write(string path)
    {
        Assert.NotNull(RelativePath.Refusal(path, onWindows: true));
        Assert.Null(RelativePath.Refusal(path, onWindows: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"md5\": \"0\", \"relpath\": \"a\"}]")]
    [InlineData("[{\"relpath\": \"a\"}]")]
    [InlineData("[{\"md5\": \"00000000000000000000000000000000\", \"relpath\": \"a\"}")]
    [InlineData("[{\"md5\": \"00000000000000000000000000000000\", \"relpath\": \"a\"}, {\"md5\": \"00000000000000000000000000000000\", "
        + "\"relpath\": \"a\"}]")]
    [InlineData("[{\"md5\": \"00000000000000000000000000000000\", \"relpath\": \"a\"}, {\"md5\": \"00000000000000000000000000000000\", "
        + "\"relpath\": \"a/b/c\"}, {\"md5\": \"00000000000000000000000000000000\", \"relpath\": \"a-\"}]")]
    public void Refuses_what_is_not_a_listing(string text) => Assert.Equal(
        DatasetVersionFault.Unusable,
        Assert.Throws<DatasetVersionException>(() => FolderListing.Read(Encoding.UTF8.GetBytes(text), "x.dir")).Fault);

    [Fact]
    public void Names_files_that_differ_only_in_case() => Assert.Equal(
        [("a/X.jpg", "a/x.jpg")], RelativePath.Collisions([new("a/X.jpg", default), new("a/x.jpg", default), new("b/x.jpg", default)]));

    [Fact]
    public void Names_a_file_and_a_folder_that_differ_only_in_case() => Assert.Equal(
        [("A", "a/")], RelativePath.Collisions([new("A", default), new("a/x.jpg", default), new("b/A/x.jpg", default)]));
}
