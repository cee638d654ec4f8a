using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Artifacts;

namespace WaterMeters.Ops.Registry;

/// <summary>
/// Which artifacts of a run or a version are its model: those of MLflow's onnx and pytorch flavors, what this module writes, or a file that
/// was logged as it is.
/// </summary>
internal static class ModelLocatorFiles
{
    private const string Checkpoint = "checkpoint.safetensors", Onnx = ".onnx";

    private static readonly string[] Extensions = [.. ModelFile.Extensions, ".pt", ".ckpt"];

    /// <summary>Returns the files that are needed, that of the model last; an empty list if there is no model.</summary>
    public static IReadOnlyList<Artifact> Choose(IReadOnlyList<Artifact> artifacts)
    {
        if (Best(artifacts.Select(artifact => artifact.Path)) is not { } path) return [];
        var model = artifacts.First(artifact => artifact.Path == path);
        if (!model.Path.EndsWith(Onnx, StringComparison.OrdinalIgnoreCase)) return [model];

        // The weights of an ONNX file may be in files beside it, of any name.
        string folder = ArtifactPath.FolderOf(model.Path);
        bool IsBeside(Artifact artifact) => folder.Length == 0 || artifact.Path.StartsWith(folder + "/", StringComparison.Ordinal);
        return [.. artifacts.Where(artifact => !IsModel(artifact.Path) && IsBeside(artifact)), model];
    }

    /// <summary>Returns the model among the paths of files: the outermost, then that of the format that says most; null if none.</summary>
    public static string? Best(IEnumerable<string> paths) => paths.Where(IsModel)
        .OrderBy(path => path.Count(c => c == '/'))
        .ThenBy(Rank)
        .ThenBy(path => path, StringComparer.Ordinal)
        .FirstOrDefault();

    private static bool IsModel(string path) =>
        Rank(path) >= 0 && !Path.GetFileName(path).Equals(Checkpoint, StringComparison.OrdinalIgnoreCase);

    private static int Rank(string path) =>
        Array.FindIndex(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
