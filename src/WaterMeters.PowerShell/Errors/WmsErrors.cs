using System.Management.Automation;

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
        RuntimeMissingException e => new ErrorRecord(e, "RuntimeMissing", ErrorCategory.NotInstalled, target),
        UnauthorizedAccessException e => new ErrorRecord(e, "FileAccessDenied", ErrorCategory.PermissionDenied, target),
        IOException e => new ErrorRecord(e, "FileAccessFailed", ErrorCategory.ResourceUnavailable, target),
        System.Runtime.InteropServices.ExternalException or TypeInitializationException or EntryPointNotFoundException => Native(exception, target),
        OutOfMemoryException e => new ErrorRecord(e, "OutOfMemory", ErrorCategory.LimitsExceeded, target),
        _ => new ErrorRecord(exception, "Unexpected", ErrorCategory.NotSpecified, target),
    };

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

    /// <summary>A path that leads to no file.</summary>
    public static ErrorRecord NothingAt(string path) => new(
        new WaterMetersException($"Nothing matches '{path}'. Check the path; for a name with brackets use -LiteralPath."),
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
        new ModelException("", $"No model was named, and no folder from '{location}' upward holds models/production.safetensors. Name one with -Model, or train one with Start-WmsTraining."),
        "ModelNotFound", ErrorCategory.ObjectNotFound, location);

    /// <summary>A name that is no model file.</summary>
    public static ErrorRecord NotAModel(string model, string path) => new(
        new ModelException(model, $"There is no model file '{path}'. -Model takes a .safetensors file; train one with Start-WmsTraining."),
        "ModelNotFound", ErrorCategory.ObjectNotFound, model);
}
