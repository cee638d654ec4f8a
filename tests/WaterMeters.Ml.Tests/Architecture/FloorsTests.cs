using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Architecture;

public class FloorsTests(ITestOutputHelper output)
{
    private static readonly Lazy<SourceTree> Sources = new(() => SourceTree.Read(Root));

    /// <summary>WMS_SOURCE_PATH names the sources of another checkout, to count its circles.</summary>
    private static string Root =>
        Environment.GetEnvironmentVariable("WMS_SOURCE_PATH") ?? Path.Combine(SharedFolder.RepositoryRoot(), "src");

    [Fact]
    public void No_file_uses_a_room_above_its_own()
    {
        var violations = Floors.Violations(Sources.Value);
        Assert.True(violations.Count == 0, string.Join("\n", violations));
    }

    [Fact]
    public void No_rooms_use_each_other_in_a_circle()
    {
        var circles = Floors.Circles(Sources.Value, Folder);
        foreach (string[] circle in circles) output.WriteLine($"figure: circle of {circle.Length}: {string.Join(", ", circle)}");
        output.WriteLine($"figure: {circles.Count} circles of folders, {circles.Sum(c => c.Length)} folders in them");
        Assert.Empty(circles);
    }

    [Fact]
    public void A_use_against_the_floors_is_reported_with_both_files()
    {
        var sources = Sources.Value
            .With(
                "WaterMeters.Ml/Imaging/Upward.cs",
                "namespace WaterMeters.Ml.Imaging; class Upward { string Name => Training.RunFolder.ModelIn(\"x\"); }")
            .With("WaterMeters.Records/Outward.cs", "namespace WaterMeters; class Outward { Ml.Datasets.SamplePair? pair; }");
        var violations = Floors.Violations(sources);
        Assert.Contains("WaterMeters.Ml/Imaging/Upward.cs uses WaterMeters.Ml/Training/RunFolder.cs (RunFolder)", violations);
        Assert.Contains("WaterMeters.Records/Outward.cs uses WaterMeters.Ml/Datasets/SamplePair.cs (SamplePair)", violations);
        Assert.NotEmpty(Floors.Circles(sources, Folder));
    }

    [Fact]
    public void Every_file_is_in_a_room_and_every_room_has_files()
    {
        var files = Sources.Value.Files.ToList();
        Assert.DoesNotContain(files, file => Floors.RoomOf(file) is null);
        Assert.DoesNotContain(Floors.Rooms, room => !files.Exists(file => Floors.RoomOf(file) == room));
    }

    private static string? Folder(string file) => Path.GetDirectoryName(file)?.Replace('\\', '/');
}
