using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Registry;

/// <summary>A folder with a local store, small models and their versions.</summary>
internal sealed class RegistryFolder : IDisposable
{
    public const string Name = "water-meter-segmentation";
    private readonly TempFolder folder = new();

    public RegistryFolder() => Store = new SqliteTrackingStore(folder["mlflow.db"]);

    public SqliteTrackingStore Store { get; }

    public ModelRegistry Registry => new(Store, Name);

    /// <summary>The folder that models are copied to.</summary>
    public string Models => folder["models"];

    public string this[params string[] parts] => folder[parts];

    public void Dispose()
    {
        Store.Dispose();
        folder.Dispose();
    }

    /// <summary>Writes a model file; the seed tells models apart.</summary>
    public string WriteModel(string name, int seed, double? dice = null)
    {
        string path = folder["files", name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ModelFile.Save(
            new SegmentationModel
            {
                Path = path,
                Shape = new UNetShape(4, 32),
                Weights = UNetInitializer.Create(4, seed),
                Metrics = dice is { } value ? new Dictionary<string, double> { ["test_dice"] = value, ["test_iou"] = value / 2 } : [],
                Provenance = new ModelProvenance([new string('a', 64)], [new string('b', 64)], "data", "split"),
            },
            path);
        return path;
    }

    /// <summary>Registers a model file; the version's number is the returned one.</summary>
    public RegisteredModelVersion Publish(string file, ModelStage stage = ModelStage.None, string reason = "", string? alias = null) =>
        Publish(new PublishRequest
        {
            ModelName = Name, Experiment = Name, FilePath = file, Stage = stage, Reason = reason, Alias = alias,
        });

    public RegisteredModelVersion Publish(PublishRequest request) =>
        ModelPublisher.Publish(Store, ModelPublisher.Plan(Store, request, CancellationToken.None), CancellationToken.None);

    public IReadOnlyList<RegisteredModelVersion> Move(int version, ModelStage stage, string reason = "") =>
        Registry.Apply(Registry.Plan($"{version}", stage, CancellationToken.None), reason, CancellationToken.None);

    /// <summary>Version number of each stage in use.</summary>
    public string Stages() => string.Join(
        " ",
        Store.ListVersions(Name, CancellationToken.None).Reverse()
            .Select(version => string.Join("@", version.Aliases.Prepend($"{version.Version}:{version.Stage}"))));
}
