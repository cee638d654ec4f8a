namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>A file of a version.</summary>
/// <param name="Path">Path in the folder, with <c>/</c> between names; empty if the version is a single file.</param>
/// <param name="Hash">The hash of its content.</param>
internal readonly record struct FileEntry(string Path, ContentHash Hash);
