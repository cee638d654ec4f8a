namespace WaterMeters.Ml.Foundation;

/// <summary>Turns what the file system says into a sentence that names the file and the next step.</summary>
internal static class FileErrors
{
    /// <summary>The error for a photo that cannot be read.</summary>
    public static PhotoException CannotRead(string path, Exception fault) => new(path, fault switch
    {
        _ when Directory.Exists(path) => $"'{path}' is a folder. Name a photo in it.",
        FileNotFoundException or DirectoryNotFoundException => $"'{path}' does not exist. Check the path.",
        UnauthorizedAccessException => $"'{path}' may not be read by this user. Change its permissions, or take it out.",
        ArgumentException or NotSupportedException => $"'{path}' is no path of a file: {fault.Sentence()} Check the path.",
        _ => $"'{path}' cannot be read: {fault.Sentence()} Close what uses it, or check the drive, and try again.",
    }, fault);

    /// <summary>The error for an image that cannot be written.</summary>
    public static PhotoException CannotWrite(string path, Exception fault) => new(path, fault switch
    {
        _ when Directory.Exists(path) => $"'{path}' is a folder, so no image can have that name. Name a file in it.",
        DirectoryNotFoundException => $"The folder of '{path}' does not exist. Create it first.",
        UnauthorizedAccessException => $"'{path}' may not be written by this user. Change the permissions of its folder, or name another one.",
        ArgumentException or NotSupportedException => $"'{path}' is no path of a file: {fault.Sentence()} Name another one.",
        _ => $"'{path}' cannot be written: {fault.Sentence()} Make room, or name another folder, and try again.",
    }, fault);
}
