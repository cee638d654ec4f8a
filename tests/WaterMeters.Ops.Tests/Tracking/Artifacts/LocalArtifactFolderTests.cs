using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Tests.Tracking.Artifacts;

public class LocalArtifactFolderTests
{
    [Fact]
    public void Keeps_files_below_the_folder_and_lists_them_by_path()
    {
        using var temp = new TempFolder();
        var stop = TestContext.Current.CancellationToken;
        var folder = new LocalArtifactFolder(temp["run", "artifacts"]);
        Assert.Empty(folder.List("", stop));
        File.WriteAllText(temp["a"], "first");
        File.WriteAllText(temp["b"], "second!");
        folder.Upload(temp["a"], "model/data/model.onnx", stop);
        folder.Upload(temp["a"], "metrics.json", stop);
        folder.Upload(temp["b"], "metrics.json", stop);

        Assert.Equal([new("metrics.json", 7), new("model/data/model.onnx", 5)], folder.List("", stop));
        Assert.Equal([new("model/data/model.onnx", 5)], folder.List("model/", stop));
        Assert.Empty(folder.List("nothing", stop));
        folder.Download("metrics.json", temp["copy"], stop);
        Assert.Equal("second!", File.ReadAllText(temp["copy"]));
        using var stream = new StreamReader(folder.Open("model/data/model.onnx", stop));
        Assert.Equal("first", stream.ReadToEnd());
        Assert.Equal(folder.LocalPath, temp["run", "artifacts"]);
    }

    [Fact]
    public void Lists_no_file_that_is_being_written()
    {
        using var temp = new TempFolder();
        var stop = TestContext.Current.CancellationToken;
        var folder = new LocalArtifactFolder(temp["run"]);
        File.WriteAllText(temp["a"], "first");
        folder.Upload(temp["a"], "model/model.onnx", stop);
        string half = OrphanedFiles.TemporaryPath(temp["run", "model", "model.pth"], 1);
        File.WriteAllText(half, "fir");
        Assert.Equal([new("model/model.onnx", 5)], folder.List("", stop));
        Assert.True(File.Exists(half));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData(@"..\x")]
    [InlineData("a//b")]
    [InlineData("")]
    [InlineData("./x")]
    public void Refuses_paths_that_lead_out_of_the_folder(string path)
    {
        using var temp = new TempFolder();
        var stop = TestContext.Current.CancellationToken;
        var folder = new LocalArtifactFolder(temp["run"]);
        File.WriteAllText(temp["a"], "first");
        foreach (var use in new Action[]
        {
            () => folder.Upload(temp["a"], path, stop), () => folder.Download(path, temp["b"], stop), () => folder.Open(path, stop),
        })
        {
            Assert.Equal(TrackingFault.InvalidValue, Assert.Throws<TrackingException>(use).Fault);
        }

        Assert.Equal([temp["a"]], Directory.GetFiles(temp.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Says_what_is_missing()
    {
        using var temp = new TempFolder();
        var stop = TestContext.Current.CancellationToken;
        var folder = new LocalArtifactFolder(temp["run"]);
        var e = Assert.Throws<TrackingException>(() => folder.Download("model.onnx", temp["copy"], stop));
        Assert.Equal((TrackingFault.NotFound, "model.onnx"), (e.Fault, e.Target));
        Assert.False(File.Exists(temp["copy"]));
        Assert.Equal(TrackingFault.Refused, Assert.Throws<TrackingException>(() => folder.Upload(temp["none"], "x", stop)).Fault);
    }
}
