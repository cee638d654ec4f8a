using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Versioning.Scans;

/// <summary>A file of a folder as it is now.</summary>
/// <param name="Path">Path in the folder, with <c>/</c> between names; empty for a single file.</param>
/// <param name="FullPath">Absolute path.</param>
/// <param name="Status">Its status before it was read.</param>
/// <param name="Hash">The hash of its content; null if it was not read yet.</param>
internal readonly record struct ScannedFile(string Path, string FullPath, FileStatus Status, ContentHash? Hash);
