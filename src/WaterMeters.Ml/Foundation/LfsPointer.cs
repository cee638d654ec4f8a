namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Recognizes the small text file that git stores instead of a large one when Git LFS did not download it (git-lfs, docs/spec.md). It has
/// the name of the photo or model, so only the content tells.
/// </summary>
public static class LfsPointer
{
    /// <summary>The longest pointer file, in bytes.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Returns whether a file with these first bytes, at most <see cref="MaxBytes"/> are needed, is a Git LFS pointer.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) =>
        (start.StartsWith("version https://git-lfs.github.com/spec/"u8) || start.StartsWith("version https://hawser.github.com/spec/"u8))
        && start[..Math.Min(start.Length, MaxBytes)].IndexOf("\noid "u8) >= 0;

    /// <summary>Returns whether the file is a Git LFS pointer; false if it cannot be read.</summary>
    public static bool IsPointer(string path)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length is 0 or > MaxBytes) return false;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            Span<byte> start = stackalloc byte[MaxBytes];
            return Matches(start[..stream.ReadAtLeast(start, MaxBytes, throwOnEndOfStream: false)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Returns the message that says what the file is and what to do.</summary>
    public static string Message(string path) =>
        $"'{path}' is a Git LFS pointer, not the file itself: Git LFS did not download it. Run 'git lfs pull' in its repository.";
}
