using System.Management.Automation;
using System.Runtime.InteropServices;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;

namespace WaterMeters.PowerShell.Errors;

/// <summary>Makes every ErrorRecord of the module, each of one of the <see cref="ErrorKinds"/>.</summary>
internal static class WmsErrors
{
    /// <summary>
    /// The record of an exception. What the module itself refuses says what to do next already, for it is written where the fault is known;
    /// of anything else only what to do in general can be said.
    /// </summary>
    /// <param name="exception">What happened.</param>
    /// <param name="target">What it happened to, for an exception that does not say it itself.</param>
    public static ErrorRecord From(Exception exception, object? target = null) => exception switch
    {
        PhotoException e => Record(ErrorKinds.PhotoUnusable, e, e.Path),
        DatasetException e => Record(ErrorKinds.DatasetUnusable, e, e.Path),
        ModelException e => Record(ErrorKinds.ModelUnusable, e, e.Model),
        SettingsException e => Record(ErrorKinds.SettingUnusable, e, e.Setting),
        TrainingRunningException e => Record(ErrorKinds.TrainingRunning, e, e.OutputPath),
        TrainingException e => Record(ErrorKinds.TrainingFailed, e, e.OutputPath),
        RuntimeInstallationException e => Record(Kind(e.Fault), e, e.Target),
        RuntimeMissingException e => Record(ErrorKinds.RuntimeMissing, e, e.Library),
        UnauthorizedAccessException e => Record(ErrorKinds.FileAccessDenied, Said(e, $"{e.Sentence()} Mend the permissions, or name another place."), target),
        IOException e => Record(ErrorKinds.FileAccessFailed, Said(e, $"{e.Sentence()} Close what uses the file, make room or check the drive, and try again."), FileOf(e) ?? target),
        OutOfMemoryException e => Record(ErrorKinds.OutOfMemory, Said(e, $"Memory is short: {e.Sentence()} Close other programs, or use smaller photos, images or batches (-Stage)."), target),
        ExternalException or TypeInitializationException or DllNotFoundException or EntryPointNotFoundException => Record(ErrorKinds.NativeFailure, Native(exception), target),
        _ => Record(ErrorKinds.Unexpected, Said(exception, $"Something failed that this module did not expect, a {exception.GetType().Name}: {exception.Sentence()} Install the module again when that names one of its files; otherwise report it with what Get-Error shows."), target),
    };

    /// <summary>Why libtorch could not be installed: a script tells a mistyped source from a network that is down by the identifier.</summary>
    private static ErrorKind Kind(RuntimeInstallationFault fault) => fault switch
    {
        RuntimeInstallationFault.NoPackage => ErrorKinds.RuntimeNotPublished,
        RuntimeInstallationFault.SourceUnusable => ErrorKinds.RuntimeSourceUnusable,
        RuntimeInstallationFault.HashUnknown => ErrorKinds.RuntimeHashUnknown,
        RuntimeInstallationFault.HashMismatch => ErrorKinds.RuntimeHashMismatch,
        RuntimeInstallationFault.FeedUnavailable => ErrorKinds.FeedUnavailable,
        RuntimeInstallationFault.DownloadBroken => ErrorKinds.DownloadBroken,
        RuntimeInstallationFault.DestinationInUse => ErrorKinds.RuntimeDestinationInUse,
        _ => ErrorKinds.DiskFull,
    };

    private static WaterMetersException Native(Exception exception)
    {
        // Outermost is only that a type could not be prepared; the reason lies within.
        var reason = exception;
        while (reason is TypeInitializationException && reason.InnerException is { } inner) reason = inner;
        string remedy = reason is ExternalException
            ? "Use smaller images or batches (-Stage) when memory is short, and -Device cpu when CUDA fails."
            : "Install the module again, and import it in a new session.";
        return Said(exception, $"A native library failed: {reason.Sentence()} {remedy}");
    }

    private static WaterMetersException Said(Exception exception, string message) => new(message, exception);

    private static string? FileOf(IOException exception) => exception switch
    {
        FileNotFoundException { FileName.Length: > 0 } e => e.FileName,
        FileLoadException { FileName.Length: > 0 } e => e.FileName,
        _ => null,
    };

    private static ErrorRecord Record(ErrorKind kind, Exception exception, object? target) =>
        new ErrorRecord(exception, kind.Id, kind.FileDecides ? Category(exception.InnerException) ?? kind.Category : kind.Category, target);

    /// <summary>What the file system said decides, when it said something.</summary>
    private static ErrorCategory? Category(Exception? reason) => reason switch
    {
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        IOException => ErrorCategory.ResourceUnavailable,
        _ => null,
    };

    /// <summary>A path that leads to no file; an empty one too, as a variable has that is not set.</summary>
    public static ErrorRecord NothingAt(string path) => Record(
        ErrorKinds.PathNotFound,
        new WaterMetersException(path.Length == 0
            ? "The path is empty, as that of a variable that is not set. Name a file or a folder."
            : $"Nothing matches '{path}'. Check the path; for a name with brackets use -LiteralPath."),
        path);

    /// <summary>A path on a drive that this session does not have.</summary>
    public static ErrorRecord NoDrive(string path, Exception reason) => Record(
        ErrorKinds.DriveNotFound,
        new WaterMetersException($"'{path}' cannot be reached: {reason.Sentence()} Map the drive in this session, or use the full path.", reason), path);

    /// <summary>A folder without photos.</summary>
    public static ErrorRecord NoPhotos(string path) => Record(
        ErrorKinds.NoPhotos,
        new DatasetException(path, $"'{path}' holds no photo (.jpg, .jpeg, .png). Name the photos, or the folder they are in."), path);

    /// <summary>Nothing was named to predict, and the folder that is looked into then is not there.</summary>
    public static ErrorRecord NoDefaultPhotos(string folder, string location) => Record(
        ErrorKinds.NoPhotos,
        new WaterMetersException($"No photo was named, and '{location}' has no folder '{folder}'. Name photos or a folder with -Path, or put photos into '{folder}'."), folder);

    /// <summary>A path of another provider than the file system.</summary>
    public static ErrorRecord NotAFile(string path) => Record(
        ErrorKinds.PathNotInFileSystem,
        new WaterMetersException($"'{path}' is not in the file system. Name a file or a folder of a drive."), path);

    /// <summary>No model was named and none was found.</summary>
    public static ErrorRecord NoModel(string location) => Record(
        ErrorKinds.ModelNotFound,
        new ModelException("", $"No model was named, and no folder from '{location}' upward holds models/production{ModelFile.Extensions[0]} (or {Or(ModelFile.Extensions.Skip(1))}). Name one with -Model, or train one with Start-WmsTraining."), location);

    /// <summary>A name that is no model file.</summary>
    public static ErrorRecord NotAModel(string model, string path) => Record(
        ErrorKinds.ModelNotFound,
        new ModelException(model, $"There is no model file '{path}'. A model is a {Or(ModelFile.Extensions)} file; train one with Start-WmsTraining."), model);

    /// <summary>A name that only a registry knows, and there is none to ask.</summary>
    public static ErrorRecord NoRegistry(string model) => Record(
        ErrorKinds.ModelNotFound,
        new ModelException(model, $"'{model}' is no file, and as the name of a registered model it leads nowhere: there is no registry to ask. Name the model's file."), model);

    /// <summary>A name that says no format to write a model in, or another than was asked for.</summary>
    public static ErrorRecord NoFormat(string path, IEnumerable<string> extensions) => Record(
        ErrorKinds.SettingUnusable,
        new SettingsException(path, $"No model is written as '{path}': the name must end with {Or(extensions)}. Name a file like that with -Path, or a folder that is there, with -Format."), path);

    /// <summary>A name that says no form of a report.</summary>
    /// <param name="path">The name.</param>
    /// <param name="parameter">Where it was given.</param>
    /// <param name="extensions">What it may end with.</param>
    public static ErrorRecord NoReportForm(string path, string parameter, IEnumerable<string> extensions) => Record(
        ErrorKinds.SettingUnusable,
        new SettingsException(path, $"No report is written as '{path}': the name must end with {Or(extensions)}. Name a file like that with -{parameter}."), path);

    /// <summary>A model in the place where one is to be written.</summary>
    public static ErrorRecord ModelExists(string path) => Record(
        ErrorKinds.ModelExists,
        new ModelException(path, $"'{path}' is there already. Use -Force to replace it, or name another -Path."), path);

    /// <summary>A second model that would be written over the first one of the same call.</summary>
    public static ErrorRecord WrittenTwice(string path, string first, string second) => Record(
        ErrorKinds.ModelExists,
        new ModelException(second, $"'{path}' would be written twice in this call, from '{first}' and from '{second}'. Name a folder with -Path and a format with -Format, and give the models names of their own."), second);

    private static string Or(IEnumerable<string> extensions)
    {
        string[] all = [.. extensions];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
