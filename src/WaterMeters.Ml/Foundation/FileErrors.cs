namespace WaterMeters.Ml.Foundation;

/// <summary>Turns file system errors into messages that name the file and the next step.</summary>
internal static class FileErrors
{
    /// <summary>Creates the error for a photo that cannot be read.</summary>
    public static PhotoException CannotRead(string path, Exception fault) => new(path, fault switch
    {
        _ when Directory.Exists(path) => $"'{path}' is a folder. Choose a photo in it.",
        FileNotFoundException or DirectoryNotFoundException => $"'{path}' does not exist. Check the path.",
        _ when RegularFile.Describe(path) is { } kind => $"'{path}' is {kind}, not a file, and is not opened. Name a photo, or remove it.",
        UnauthorizedAccessException => $"Cannot read '{path}': access is denied. Change its permissions, or remove the file.",
        ArgumentException or NotSupportedException => $"'{path}' is not a valid file path: {fault.Sentence()} Check the path.",
        _ => $"Cannot read '{path}': {fault.Sentence()} Close programs that use it, check the drive, and try again.",
    }, fault);

    /// <summary>Creates the error for an image that cannot be written.</summary>
    public static PhotoException CannotWrite(string path, Exception fault) => new(path, fault switch
    {
        _ when Directory.Exists(path) => $"Cannot write '{path}': it is a folder. Choose a file name in it.",
        DirectoryNotFoundException => $"Cannot write '{path}': its folder does not exist. Create it first.",
        UnauthorizedAccessException => $"Cannot write '{path}': access is denied. Change the permissions of its folder, or choose " +
            "another folder.",
        ArgumentException or NotSupportedException => $"'{path}' is not a valid file path: {fault.Sentence()} Choose another one.",
        _ => $"Cannot write '{path}': {fault.Sentence()} Free disk space, or choose another folder, and try again.",
    }, fault);
}
