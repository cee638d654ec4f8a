using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>Errors that several rooms report.</summary>
internal static class VersionErrors
{
    /// <summary>Creates the error of something that cannot be used as it is.</summary>
    public static DatasetVersionException Unusable(string target, string message, Exception? inner = null) =>
        new(DatasetVersionFault.Unusable, target, message, inner);

    /// <summary>Creates the error of a version that is not there.</summary>
    public static DatasetVersionException NotFound(string target, string message, Exception? inner = null) =>
        new(DatasetVersionFault.NotFound, target, message, inner);

    /// <summary>Returns whether an exception is one of the file system.</summary>
    public static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>Reads a text file of the repository.</summary>
    /// <exception cref="DatasetVersionException">It cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return HeldFile.ReadAllText(path);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Unusable(path, $"Cannot read '{path}': {e.Sentence()} Check the path and its permissions.", e);
        }
    }
}
