namespace WaterMeters.Ops.Tracking;

/// <summary>
/// The artifacts of a run or of a model version. Paths are relative, with <c>/</c> between names on every system; a path that leads out
/// of the folder is <see cref="TrackingFault.InvalidValue"/>.
/// </summary>
public interface IArtifactFolder
{
    /// <summary>Where the folder is, resolved: an absolute path or an address.</summary>
    string Address { get; }

    /// <summary>The folder as a path on this machine; null if it is elsewhere.</summary>
    string? LocalPath { get; }

    /// <summary>Lists all files below a folder, recursively, in the order of their paths; an empty list if there is none.</summary>
    /// <param name="path">The folder; empty: all.</param>
    /// <param name="cancellation">Stops the work.</param>
    IReadOnlyList<Artifact> List(string path, CancellationToken cancellation);

    /// <summary>Writes a file, complete or not at all; replaces what is there.</summary>
    /// <param name="file">Path of the file to read.</param>
    /// <param name="path">Path of the artifact, with its file name.</param>
    /// <param name="cancellation">Stops the work.</param>
    void Upload(string file, string path, CancellationToken cancellation);

    /// <summary>Opens an artifact to read. A stream that ends before the size that <see cref="List"/> says throws at its end.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>: there is no such file.</exception>
    Stream Open(string path, CancellationToken cancellation);

    /// <summary>Copies an artifact to a file, complete or not at all; its size is the one that <see cref="List"/> says.</summary>
    /// <exception cref="TrackingException"><see cref="TrackingFault.NotFound"/>, <see cref="TrackingFault.WrongDigest"/>.</exception>
    void Download(string path, string file, CancellationToken cancellation);
}
