using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Registry;

/// <summary>The model file of a version, among the files that MLflow and other software keep with it.</summary>
internal static class VersionFiles
{
    /// <summary>Returns the model file on this machine; null if it is elsewhere, or there is none.</summary>
    public static string? LocalPath(ITrackingStore store, ModelVersion version, CancellationToken cancellation)
    {
        if (store is not SqliteTrackingStore local) return null;
        try
        {
            string? folder = local.FolderOf(version) ?? local.ArtifactsOf(version, cancellation).LocalPath;
            if (folder is null) return null;

            // The file of almost every version, found without listing the folder.
            string usual = Path.Combine(folder, "model" + ModelFile.Extensions[0]);
            if (File.Exists(usual)) return usual;
            if (!Directory.Exists(folder)) return null;
            string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))];
            return Choose(files) is { } path ? Path.Combine([folder, .. path.Split('/')]) : null;
        }
        catch (Exception e) when (e is TrackingException or IOException or UnauthorizedAccessException)
        {
            return null; // the version can be listed anyway
        }
    }

    /// <summary>Returns the model among the paths of files, in the formats of a model in production; null if there is none.</summary>
    public static string? Choose(IEnumerable<string> paths) =>
        ModelLocatorFiles.Best(paths.Where(path => IndexOf(Path.GetExtension(path)) >= 0));

    /// <summary>Copies the model of a version to a folder, and checks it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="version">The version.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="cancellation">Stops the download.</param>
    /// <returns>The model, read from its file in the folder.</returns>
    /// <exception cref="TrackingException">NotFound: it has no model file; WrongDigest: it is not the one that was registered.</exception>
    /// <exception cref="ModelException">The file is not a model.</exception>
    public static SegmentationModel Download(
        ITrackingStore store, ModelVersion version, string folder, CancellationToken cancellation)
    {
        return Checked(version, Download(store.ArtifactsOf(version, cancellation), "", NameOf(version), folder, cancellation));
    }

    /// <summary>Reads the model of a version where it is on this machine, or else from a copy in a folder.</summary>
    /// <inheritdoc cref="Download(ITrackingStore, ModelVersion, string, CancellationToken)"/>
    public static SegmentationModel Load(
        ITrackingStore store, ModelVersion version, string folder, CancellationToken cancellation) =>
        LocalPath(store, version, cancellation) is { } local
            ? Checked(version, ModelFile.Load(local))
            : Download(store, version, folder, cancellation);

    /// <summary>Copies the model in a folder of artifacts to a folder of this machine, and reads it.</summary>
    /// <param name="artifacts">The artifacts.</param>
    /// <param name="path">Path of the model's folder in them; empty for all.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="cancellation">Stops the download.</param>
    public static SegmentationModel Download(
        IArtifactFolder artifacts, string path, string name, string folder, CancellationToken cancellation)
    {
        var files = artifacts.List(path, cancellation);
        string chosen = Choose(files.Select(file => file.Path)) ?? throw new TrackingException(
            TrackingFault.NotFound,
            name,
            $"There is no model file ({string.Join(", ", ModelFile.Extensions)}) among the {files.Count} files of {name} at "
            + $"'{artifacts.Address}'. Register a model again with Publish-WmsModel.");
        string extension = Path.GetExtension(chosen).ToLowerInvariant(), target = Path.Combine(folder, "model" + extension);
        artifacts.Download(chosen, target, cancellation);
        if (extension != ".onnx") return Read(target, chosen, name);

        // An ONNX file may have its weights in other files beside it, named in it.
        string beside = chosen[..(chosen.LastIndexOf('/') + 1)];
        var others = files.Select(file => file.Path).Where(file => file != chosen && file.StartsWith(beside, StringComparison.Ordinal)
            && !file[beside.Length..].Contains('/', StringComparison.Ordinal) && !IsDescription(file));
        foreach (string other in others) artifacts.Download(other, Path.Combine(folder, other[beside.Length..]), cancellation);
        return WithOwnData(Read(target, chosen, name), target);
    }

    /// <summary>Writes an ONNX model with its data files as one file; returns the model that is in that file.</summary>
    public static SegmentationModel WithOwnData(SegmentationModel model, string target)
    {
        if (model.Onnx is not { } onnx || ModelFile.FileDigest(model.Path) == onnx.Digest) return model;
        AtomicFile.Write(target, stream => stream.Write(onnx.Bytes.Span));
        return ModelFile.Load(target);
    }

    /// <summary>The digest that was recorded when a version was registered; null if there is none.</summary>
    public static string? DigestOf(ModelVersion version) =>
        version.Tags.GetValueOrDefault(RunTags.ModelDigest) is { Length: > 0 } digest ? digest : null;

    private static SegmentationModel Checked(ModelVersion version, SegmentationModel model)
    {
        if (DigestOf(version) is not { } expected || expected.Equals(model.Digest, StringComparison.OrdinalIgnoreCase)) return model;
        string name = NameOf(version);
        throw new TrackingException(
            TrackingFault.WrongDigest,
            name,
            $"The model of {name} is not the one that was registered: its SHA-256 is {model.Digest}, and should be {expected}. Nothing "
            + "was replaced. Try again; if it stays so, register the model again with Publish-WmsModel.");
    }

    private static string NameOf(ModelVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"version {version.Version} of '{version.Name}'");

    /// <summary>Reads a downloaded model. Errors name the artifact: the copy is deleted by the time someone looks for it.</summary>
    private static SegmentationModel Read(string copy, string artifact, string name)
    {
        try
        {
            return ModelFile.Load(copy);
        }
        catch (ModelException e)
        {
            throw new ModelException(name, e.Message.Replace($"'{copy}'", $"'{artifact}' of {name}", StringComparison.Ordinal), e);
        }
    }

    private static bool IsDescription(string path) =>
        Path.GetFileName(path) == MlflowFolder.Description || IndexOf(Path.GetExtension(path)) >= 0
        || Path.GetExtension(path) is ".yaml" or ".yml" or ".txt" or ".json" or ".pkl";

    private static int IndexOf(string extension)
    {
        for (int i = 0; i < ModelFile.Extensions.Count; i++)
        {
            if (ModelFile.Extensions[i].Equals(extension, StringComparison.OrdinalIgnoreCase)) return i;
        }

        return -1;
    }
}
