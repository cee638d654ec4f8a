using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Tests.Versioning.Repositories;

public class DvcFileTests
{
    [Fact]
    public void Names_a_conflict_of_git()
    {
        const string text = "outs:\n<<<<<<< HEAD\n- md5: a\n=======\n- md5: b\n>>>>>>> other\n  path: images\n";
        var e = Assert.Throws<DatasetVersionException>(() => DvcFile.Parse("/x.dvc", text, "/x.dvc"));
        Assert.Contains("conflict of git", e.Message, StringComparison.Ordinal);
    }

    private static readonly string Folder = OperatingSystem.IsWindows() ? @"C:\repo\data" : "/repo/data";
    private static readonly string DvcPath = Path.Combine(Folder, "images.dvc");

    private static ObjectId NewId => new(ContentHash.Of("x"u8), IsListing: true);

    private static DvcOutput Output => new() { Path = Path.Combine(Folder, "images"), Id = NewId, Size = 7, Files = 2 };

    [Fact]
    public void Writes_what_DVC_writes()
    {
        Assert.Equal($"outs:\n- md5: {NewId}\n  size: 7\n  nfiles: 2\n  hash: md5\n  path: images\n", DvcFile.TextOf("images", Output));
        var single = Output with { Id = NewId with { IsListing = false }, Files = null };
        Assert.Equal($"outs:\n- md5: {NewId.Hash}\n  size: 7\n  hash: md5\n  path: model.bin\n", DvcFile.TextOf("model.bin", single));
        Assert.EndsWith("  path: '2024 #1'\n", DvcFile.TextOf("2024 #1", Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_the_hash_and_the_sizes_and_keeps_everything_else()
    {
        const string Text = """
            # kept
            desc: photos of the north   # and this
            frozen: true
            deps:
            - path: ../raw
              md5: 0123456789abcdef0123456789abcdef
            outs:
            - md5: 5ea40360f5b4ec688df672a4db9c17d1.dir  # old
              size: 6
              nfiles: 2
              hash: md5
              path: images
              push: false
              remote: other
              cloud:
                store:
                  etag: abc
              unknown: [1, 2]
            meta:
              owner: {name: "Ann"}
            """;
        foreach (string text in (string[])[Text.ReplaceLineEndings("\n"), Text.ReplaceLineEndings("\r\n")])
        {
            var file = DvcFile.Parse(DvcPath, text, DvcPath);
            var output = file.Find(Path.Combine(Folder, "images"))!;
            Assert.Equal(("5ea40360f5b4ec688df672a4db9c17d1.dir", 6L, 2L), (output.Id.ToString(), output.Size, output.Files));
            Assert.Equal(("other", false, ObjectLayout.Current), (output.Remote, output.IsPushed, output.Layout));
            string expected = text.Replace("5ea40360f5b4ec688df672a4db9c17d1.dir", NewId.ToString(), StringComparison.Ordinal)
                .Replace("size: 6", "size: 7", StringComparison.Ordinal).Replace("nfiles: 2", "nfiles: 12", StringComparison.Ordinal);
            Assert.Equal(expected, file.TextWith(output with { Id = NewId, Size = 7, Files = 12 }));
        }
    }

    [Fact]
    public void Turns_a_file_of_DVC_2_into_one_of_DVC_3()
    {
        const string Text = "outs:\n- md5: 5ea40360f5b4ec688df672a4db9c17d1.dir\n  size: 6\n  nfiles: 2\n  path: images\n";
        var file = DvcFile.Parse(DvcPath, Text, DvcPath);
        Assert.Equal(ObjectLayout.Legacy, file.Outputs.Single().Layout);
        Assert.Equal(DvcFile.TextOf("images", Output), file.TextWith(Output));
        var bare = DvcFile.Parse(DvcPath, "outs:\n- md5: 5ea40360f5b4ec688df672a4db9c17d1\n  path: images", DvcPath);
        Assert.Equal($"outs:\n- md5: {NewId}\n  size: 7\n  nfiles: 2\n  hash: md5\n  path: images", bare.TextWith(Output));
    }

    [Theory]
    [InlineData("outs: x")]
    [InlineData("- a")]
    [InlineData("outs:\n- md5: xyz\n  path: images")]
    [InlineData("outs:\n- md5: 5ea40360f5b4ec688df672a4db9c17d1\n")]
    [InlineData("outs:\n- md5: 5ea40360f5b4ec688df672a4db9c17d1\n  hash: sha256\n  path: images")]
    [InlineData("outs:\n- path: images\n  files:\n  - relpath: a\n")]
    [InlineData("outs: [")]
    public void Says_what_cannot_be_used(string text)
    {
        var e = Assert.Throws<DatasetVersionException>(() => DvcFile.Parse(DvcPath, text, DvcPath));
        Assert.Equal((DatasetVersionFault.Unusable, DvcPath), (e.Fault, e.Target));
    }
}
