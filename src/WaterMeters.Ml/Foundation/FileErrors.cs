namespace WaterMeters.Ml.Foundation;

/// <summary>Turns file system errors into messages that name the file and the next step.</summary>
internal static class FileErrors
{
    /// <summary>Creates the error for a photo that cannot be read.</summary>
    public static PhotoException CannotRead(string path, Exception fault) => new(path, fault switch
    {
        _ when Directory.Exists(path) => $"'{path}' is a folder. Choose a photo in it.",
        _ when MissingDrive(path) is { } drive => $"Cannot read '{path}': {drive} is not there. Connect the drive, and try again.",
        FileNotFoundException or DirectoryNotFoundException => $"'{path}' does not exist. Check the path.",
        _ when RegularFile.Describe(path) is { } kind => $"'{path}' is {kind}, not a file, and is not opened. Name a photo, or remove it.",
        UnauthorizedAccessException => $"Cannot read '{path}': access is denied. Change its permissions, or remove the file.",
        ArgumentException or NotSupportedException => $"'{path}' is not a valid file path: {fault.Sentence()} Check the path.",
        HeldFileException => $"Cannot read it: {fault.Sentence()} Close it there, and try again.",
        _ => $"Cannot read '{path}': {fault.Sentence()} Close programs that use it, check the drive, and try again.",
    }, fault);

    /// <summary>Creates the error for an image that cannot be written.</summary>
    public static PhotoException CannotWrite(string path, Exception fault) => new(path, fault switch
    {
        _ when Directory.Exists(path) => $"Cannot write '{path}': it is a folder. Choose a file name in it.",
        _ when MissingDrive(path) is { } drive => $"Cannot write '{path}': {drive} is not there. Connect the drive, and try again.",
        DirectoryNotFoundException => $"Cannot write '{path}': its folder does not exist. Create it first.",
        _ when RegularFile.Describe(path) is { } kind => $"Cannot write '{path}': it is {kind}, not a file. Choose another file name.",
        HeldFileException => $"Cannot write it: {fault.Sentence()} Close it there, or choose another file, and try again.",
        UnauthorizedAccessException => $"Cannot write '{path}': access is denied. Change the permissions of its folder, or choose " +
            "another folder.",
        ArgumentException or NotSupportedException => $"'{path}' is not a valid file path: {fault.Sentence()} Choose another one.",
        _ => $"Cannot write '{path}': {fault.Sentence()} Free disk space, or choose another folder, and try again.",
    }, fault);

    /// <summary>Returns the drive or share of a path on Windows if it is not there; null otherwise, as for a device.</summary>
    private static string? MissingDrive(string path) =>
        OperatingSystem.IsWindows() && RegularFile.Describe(path) is null
        && Path.GetPathRoot(path) is { Length: > 1 } root && !Directory.Exists(root) ? $"'{root}'" : null;
}
