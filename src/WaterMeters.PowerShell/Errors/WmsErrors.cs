using System.Management.Automation;
using WaterMeters.Ml.Models;

namespace WaterMeters.PowerShell.Errors;

/// <summary>Makes every ErrorRecord of the module: a stable identifier, a category and the target.</summary>
internal static class WmsErrors
{
    /// <summary>The record of an exception. The message says what to do next already: it is written where the fault is known.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="target">What it happened to, when the exception does not say.</param>
    public static ErrorRecord From(Exception exception, object? target = null) => exception switch
    {
        PhotoException e => new ErrorRecord(e, "PhotoUnusable", Category(e, ErrorCategory.InvalidData), e.Path),
        DatasetException e => new ErrorRecord(e, "DatasetUnusable", Category(e, ErrorCategory.InvalidData), e.Path),
        ModelException e => new ErrorRecord(e, "ModelUnusable", Category(e, ErrorCategory.InvalidData), e.Model),
        SettingsException e => new ErrorRecord(e, "SettingUnusable", Category(e, ErrorCategory.InvalidArgument), e.Setting),
        TrainingRunningException e => new ErrorRecord(e, "TrainingRunning", ErrorCategory.ResourceBusy, e.OutputPath),
        TrainingException e => new ErrorRecord(e, "TrainingFailed", Category(e, ErrorCategory.InvalidOperation), e.OutputPath),
        RuntimeInstallationException e => Installation(e),
        RuntimeMissingException e => new ErrorRecord(e, "RuntimeMissing", ErrorCategory.NotInstalled, target),
        UnauthorizedAccessException e => new ErrorRecord(e, "FileAccessDenied", ErrorCategory.PermissionDenied, target),
        IOException e => new ErrorRecord(e, "FileAccessFailed", ErrorCategory.ResourceUnavailable, target),
        System.Runtime.InteropServices.ExternalException or TypeInitializationException or EntryPointNotFoundException => Native(exception, target),
        OutOfMemoryException e => new ErrorRecord(e, "OutOfMemory", ErrorCategory.LimitsExceeded, target),
        _ => new ErrorRecord(exception, "Unexpected", ErrorCategory.NotSpecified, target),
    };

    /// <summary>Why libtorch could not be installed: a script tells a mistyped source from a network that is down by the identifier.</summary>
    private static ErrorRecord Installation(RuntimeInstallationException exception)
    {
        var (id, category) = exception.Fault switch
        {
            RuntimeInstallationFault.NoPackage => ("RuntimeNotPublished", ErrorCategory.NotImplemented),
            RuntimeInstallationFault.SourceUnusable => ("RuntimeSourceUnusable", Category(exception, ErrorCategory.InvalidData)),
            RuntimeInstallationFault.HashUnknown => ("RuntimeHashUnknown", ErrorCategory.InvalidArgument),
            RuntimeInstallationFault.HashMismatch => ("RuntimeHashMismatch", ErrorCategory.SecurityError),
            RuntimeInstallationFault.FeedUnavailable => ("FeedUnavailable", ErrorCategory.ConnectionError),
            RuntimeInstallationFault.DownloadBroken => ("DownloadBroken", ErrorCategory.ConnectionError),
            RuntimeInstallationFault.DestinationInUse => ("RuntimeDestinationInUse", ErrorCategory.ResourceExists),
            _ => ("DiskFull", ErrorCategory.ResourceUnavailable),
        };
        return new ErrorRecord(exception, id, category, exception.Target);
    }

    /// <summary>A failure inside a native library; libtorch's messages go on with its own call stack, which helps nobody here.</summary>
    private static ErrorRecord Native(Exception exception, object? target) => new(
        new WaterMetersException($"A native library failed: {exception.Message.Split('\n')[0].Trim()} Use smaller pictures or batches (-Stage) when memory is short, and -Device cpu when CUDA fails.", exception),
        "NativeFailure", ErrorCategory.ResourceUnavailable, target);

    /// <summary>What the file system said decides, when it said something.</summary>
    private static ErrorCategory Category(WaterMetersException exception, ErrorCategory otherwise) => exception.InnerException switch
    {
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        IOException => ErrorCategory.ResourceUnavailable,
        _ => otherwise,
    };

    /// <summary>A path that leads to no file; an empty one too, as a variable has that is not set.</summary>
    public static ErrorRecord NothingAt(string path) => new(
        new WaterMetersException(path.Length == 0
            ? "The path is empty, as that of a variable that is not set. Name a file or a folder."
            : $"Nothing matches '{path}'. Check the path; for a name with brackets use -LiteralPath."),
        "PathNotFound", ErrorCategory.ObjectNotFound, path);

    /// <summary>A path on a drive that this session does not have.</summary>
    public static ErrorRecord NoDrive(string path, Exception reason) => new(
        new WaterMetersException($"'{path}' cannot be reached: {reason.Message} Map the drive in this session, or use the full path.", reason),
        "DriveNotFound", ErrorCategory.ObjectNotFound, path);

    /// <summary>A folder without photos.</summary>
    public static ErrorRecord NoPhotos(string path) => new(
        new DatasetException(path, $"'{path}' holds no photo (.jpg, .jpeg, .png). Name the photos, or the folder they are in."),
        "NoPhotos", ErrorCategory.ObjectNotFound, path);

    /// <summary>Nothing was named to predict, and the folder that is looked into then is not there.</summary>
    public static ErrorRecord NoDefaultPhotos(string folder, string location) => new(
        new WaterMetersException($"No photo was named, and '{location}' has no folder '{folder}'. Name photos or a folder with -Path, or put photos into '{folder}'."),
        "NoPhotos", ErrorCategory.ObjectNotFound, folder);

    /// <summary>A path of another provider than the file system.</summary>
    public static ErrorRecord NotAFile(string path) => new(
        new WaterMetersException($"'{path}' is not in the file system. Name a file or a folder of a drive."),
        "PathNotInFileSystem", ErrorCategory.InvalidArgument, path);

    /// <summary>No model was named and none was found.</summary>
    public static ErrorRecord NoModel(string location) => new(
        new ModelException("", $"No model was named, and no folder from '{location}' upward holds models/production{ModelFile.Extensions[0]} (or {Or(ModelFile.Extensions.Skip(1))}). Name one with -Model, or train one with Start-WmsTraining."),
        "ModelNotFound", ErrorCategory.ObjectNotFound, location);

    /// <summary>A name that is no model file.</summary>
    public static ErrorRecord NotAModel(string model, string path) => new(
        new ModelException(model, $"There is no model file '{path}'. -Model takes a {Or(ModelFile.Extensions)} file; train one with Start-WmsTraining."),
        "ModelNotFound", ErrorCategory.ObjectNotFound, model);

    /// <summary>A name that says no format to write a model in, or another than was asked for.</summary>
    public static ErrorRecord NoFormat(string path, IEnumerable<string> extensions) => new(
        new SettingsException(path, $"No model is written as '{path}': the name must end with {Or(extensions)}. Name a file like that with -Path, or a folder that is there, with -Format."),
        "SettingUnusable", ErrorCategory.InvalidArgument, path);

    /// <summary>A model in the place where one is to be written.</summary>
    public static ErrorRecord ModelExists(string path) => new(
        new ModelException(path, $"'{path}' is there already. Use -Force to replace it, or name another -Path."),
        "ModelExists", ErrorCategory.ResourceExists, path);

    /// <summary>A second model that would be written over the first one of the same call.</summary>
    public static ErrorRecord WrittenTwice(string path, string first, string second) => new(
        new ModelException(second, $"'{path}' would be written twice in this call, from '{first}' and from '{second}'. Name a folder with -Path and a format with -Format, and give the models names of their own."),
        "ModelExists", ErrorCategory.ResourceExists, second);

    private static string Or(IEnumerable<string> extensions)
    {
        string[] all = [.. extensions];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
