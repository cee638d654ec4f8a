using System.Management.Automation;
using System.Runtime.InteropServices;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.PowerShell.Errors;

/// <summary>Creates every ErrorRecord of the module, each of one of the <see cref="ErrorKinds"/>.</summary>
internal static class WmsErrors
{
    /// <summary>
    /// Creates the record of an exception. The module's own exceptions already say what to do next, since they are written where the
    /// problem is known; for all others the message adds general advice.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">The object concerned, for an exception that does not name it.</param>
    public static ErrorRecord From(Exception exception, object? target = null) => exception switch
    {
        MaskExistsException e => Record(ErrorKinds.MaskExists, e, e.Path),
        PhotoException e => Record(ErrorKinds.PhotoUnusable, e, e.Path),
        DatasetException e => Record(ErrorKinds.DatasetUnusable, e, e.Path),
        ModelException e => Record(ErrorKinds.ModelUnusable, e, e.Model),
        GateException e => Record(ErrorKinds.GateNotPassed, e, e.Model),
        SettingsException e => Record(ErrorKinds.SettingUnusable, e, e.Setting),
        TrainingRunningException e => Record(ErrorKinds.TrainingRunning, e, e.OutputPath),
        TrainingException e => Record(ErrorKinds.TrainingFailed, e, e.OutputPath),
        RuntimeInstallationException e => Record(Kind(e.Fault), e, e.Target),
        TrackingException e => Record(Kind(e.Fault), e, e.Target),
        DatasetVersionException e => Record(Kind(e.Fault), e, e.Target),
        GitException e => Record(Kind(e.Fault), e, e.Target),
        GitHubException e => Record(Kind(e.Fault), e, e.Target),
        TerraformException e => Record(Kind(e.Fault), e, e.Target),
        InfrastructureException e => Record(Kind(e.Fault), e, e.Target),
        HookException e => Record(ErrorKinds.HookUnusable, e, e.Path),
        RuntimeMissingException e => Record(ErrorKinds.RuntimeMissing, e, e.Library),
        UnauthorizedAccessException e => Record(
            ErrorKinds.FileAccessDenied, WithAdvice(e, $"{e.Sentence()} Check the permissions, or choose another location."), target),
        IOException e => Record(
            ErrorKinds.FileAccessFailed,
            WithAdvice(e, $"{e.Sentence()} Close programs that use the file, free disk space or check the drive, and try again."),
            FileOf(e) ?? target),
        OutOfMemoryException e => Record(
            ErrorKinds.OutOfMemory,
            WithAdvice(e, $"Out of memory: {e.Sentence()} Close other programs, or use smaller photos, images or batches (-Stage)."),
            target),
        // Windows says of a damaged library that its format is bad, as .NET says of a damaged assembly, but without its name.
        ExternalException or TypeInitializationException or DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException { FileName: null or "" } =>
            Record(ErrorKinds.NativeFailure, Native(exception), target),
        _ => Record(
            ErrorKinds.Unexpected,
            WithAdvice(exception, $"Unexpected {exception.GetType().Name}: {exception.Sentence()} "
                + "Install the module again if this names one of its files; otherwise report it with the output of Get-Error."),
            target),
    };

    /// <summary>Creates the exception of a parameter that an unset variable left empty.</summary>
    public static SettingsException EmptyParameter(string parameter) =>
        new(parameter, $"-{parameter} is empty (unset variable?). Pass a value or omit it.");

    /// <summary>Creates the error of a path that matches nothing, or that is empty.</summary>
    /// <param name="path">The path as it was given.</param>
    /// <param name="location">The session's location.</param>
    public static ErrorRecord PathNotFound(string path, string location) => Record(
        ErrorKinds.PathNotFound,
        new WaterMetersException(path switch
        {
            "" => "The path is empty (unset variable?). Name a file or folder.",
            ['@', '{', ..] => $"The input {path} has no property with a path, such as FullName, ImagePath or Path. Pipe in files or paths.",
            _ => MisreadName.Explain(path, location)
                ?? $"Nothing matches '{path}'. Check the path; for a name with brackets, use -LiteralPath.",
        }),
        path);

    /// <summary>Creates the error of a path on a drive that this session does not have.</summary>
    public static ErrorRecord DriveNotFound(string path, Exception reason) => Record(
        ErrorKinds.DriveNotFound,
        new WaterMetersException(
            $"Cannot reach '{path}': {reason.Sentence()} {MappedDrive.Advice(path)}", reason),
        path);

    /// <summary>Creates the error of a path of another provider.</summary>
    public static ErrorRecord NotInFileSystem(string path) => Record(
        ErrorKinds.PathNotInFileSystem,
        new WaterMetersException($"'{path}' is not in the file system. Use the path of a file or folder on a drive."),
        path);

    /// <summary>Creates the error of a call without a data set where the project names none.</summary>
    public static ErrorRecord NoDataset(string location, string parameter) => Record(
        ErrorKinds.SettingUnusable,
        new SettingsException(
            parameter,
            $"No data set was given, and no wms.yaml from '{location}' upward names one (dataset: path). Name a folder with -{parameter}."),
        parameter);

    /// <summary>Creates the error of a folder without photos.</summary>
    public static ErrorRecord NoPhotos(string path) => Record(
        ErrorKinds.NoPhotos,
        new DatasetException(path, $"'{path}' contains no photos (.jpg, .jpeg, .jfif, .png, .webp). Name the photos or their folder."),
        path);

    /// <summary>Creates the error of a call without photos where the default folder does not exist.</summary>
    public static ErrorRecord NoDefaultPhotos(string folder, string location) => Record(
        ErrorKinds.NoPhotos,
        new WaterMetersException(
            $"No photos were given, and '{location}' has no folder '{folder}'. "
            + $"Name photos or a folder with -Path, or put photos into '{folder}'."),
        folder);

    /// <summary>Creates the error of a call without a model where none is in production.</summary>
    /// <param name="location">The session's location.</param>
    /// <param name="registry">What the registry says; null if there is none.</param>
    public static ErrorRecord NoModel(string location, TrackingException? registry = null)
    {
        string others = JoinWithOr(ModelFile.Extensions.Skip(1));
        string searched = $"no folder from '{location}' upward contains models/production{ModelFile.Extensions[0]} (or {others})";
        string advice = registry is null
            ? "Name one with -Model, or train one with Start-WmsTraining."
            : $"{registry.Sentence()} Or name a model with -Model, or train one with Start-WmsTraining.";
        return Record(ErrorKinds.ModelNotFound, new ModelException("", $"No model was given, and {searched}. {advice}"), location);
    }

    /// <summary>Creates the error of a model file that does not exist.</summary>
    public static ErrorRecord ModelNotFound(string model, string path) => Record(
        ErrorKinds.ModelNotFound,
        new ModelException(
            model, $"Cannot find the model '{path}'. Name a {JoinWithOr(ModelFile.Extensions)} file, or train one with Start-WmsTraining."),
        model);

    /// <summary>Creates the error of a name of a registry that is neither a file nor registered.</summary>
    /// <param name="model">The name as it was given.</param>
    /// <param name="registry">What the registry says; null if there is none.</param>
    public static ErrorRecord NotRegistered(string model, TrackingException? registry) => Record(
        ErrorKinds.ModelNotFound,
        new ModelException(
            model,
            registry is null
                ? $"'{model}' is not a file, and there is no registry to look it up in. Name a model file, register a model with "
                    + "Publish-WmsModel, or set MLFLOW_TRACKING_URI."
                : $"'{model}' is not a file, nor a model of the registry: {registry.Sentence()}",
            registry),
        model);

    /// <summary>Creates the error of a text that begins as an address of MLflow and names no version.</summary>
    public static ErrorRecord NotAnAddress(string model) => Record(
        ErrorKinds.ModelNotFound,
        new ModelException(
            model,
            $"'{model}' does not name a version. Write models:/NAME/VERSION, models:/NAME/STAGE, models:/NAME@ALIAS or runs:/ID."),
        model);

    /// <summary>Creates the exception of the name of a run that the store does not have.</summary>
    public static TrackingException NoRun(string name, string address) => new(
        TrackingFault.NotFound,
        name,
        $"There is no run '{name}' in '{address}'. Check the name, or the experiment with -Experiment; Get-WmsRun lists what there is.");

    /// <summary>Creates the error of a file name without a model format, or with another than -Format.</summary>
    public static ErrorRecord UnknownModelFormat(string path, IEnumerable<string> extensions) => Record(
        ErrorKinds.SettingUnusable,
        new SettingsException(
            path, $"Cannot save a model as '{path}'. Use a name ending in {JoinWithOr(extensions)}, or an existing folder with -Format."),
        path);

    /// <summary>Creates the error of a file name without a report format.</summary>
    /// <param name="path">The file name.</param>
    /// <param name="parameter">The parameter that it was given with.</param>
    /// <param name="extensions">The accepted extensions.</param>
    public static ErrorRecord UnknownReportFormat(string path, string parameter, IEnumerable<string> extensions) => Record(
        ErrorKinds.SettingUnusable,
        new SettingsException(path, $"Cannot write a report as '{path}'. Use a name ending in {JoinWithOr(extensions)} with -{parameter}."),
        path);

    /// <summary>Creates the error of a report that would replace a file which the cmdlet reads, perhaps through a link.</summary>
    public static ErrorRecord ReplacesInput(string path, string input, string parameter) => Record(
        ErrorKinds.SettingUnusable,
        new SettingsException(path, $"The report '{path}' would replace '{input}', which it is made from. Use another -{parameter}."),
        path);

    /// <summary>Creates the error of a report in the split folder of a data set, where it could replace a file of the split.</summary>
    public static ErrorRecord InSplitFolder(string path, string parameter) => Record(
        ErrorKinds.SettingUnusable,
        new SettingsException(path, $"The report '{path}' would be written into the split folder of a data set. Use another -{parameter}."),
        path);

    /// <summary>Creates the error of a model file that exists.</summary>
    public static ErrorRecord ModelExists(string path) => Record(
        ErrorKinds.ModelExists,
        new ModelException(path, $"'{path}' already exists. Use -Force to replace it, or choose another -OutputPath."),
        path);

    /// <summary>Creates the error of an export that would replace the model it reads, perhaps through a link.</summary>
    public static ErrorRecord ModelItself(string path, string source) => Record(
        ErrorKinds.ModelExists,
        new ModelException(path, $"'{path}' is the model '{source}' itself. Choose another -OutputPath."),
        path);

    /// <summary>Creates the error of two models of one call that would be written to the same file.</summary>
    public static ErrorRecord WrittenTwice(string path, string first, string second) => Record(
        ErrorKinds.ModelExists,
        new ModelException(
            second,
            $"'{path}' would be written twice in this call, from '{first}' and '{second}'. "
            + "Name a folder with -OutputPath and a format with -Format, and give each model its own name."),
        second);

    // Scripts tell a mistyped source from a network that is down by the identifier.
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

    private static ErrorKind Kind(DatasetVersionFault fault) => fault switch
    {
        DatasetVersionFault.NotFound => ErrorKinds.VersionNotFound,
        DatasetVersionFault.Unusable => ErrorKinds.VersionUnusable,
        DatasetVersionFault.Incomplete => ErrorKinds.VersionIncomplete,
        DatasetVersionFault.RemoteUnavailable => ErrorKinds.RemoteUnavailable,
        DatasetVersionFault.AccessDenied => ErrorKinds.RemoteAccessDenied,
        DatasetVersionFault.Locked => ErrorKinds.RepositoryLocked,
        _ => ErrorKinds.FileNotPublished,
    };

    private static ErrorKind Kind(TerraformFault fault) => fault switch
    {
        TerraformFault.NotInstalled => ErrorKinds.TerraformMissing,
        TerraformFault.WrongVersion => ErrorKinds.TerraformVersionUnusable,
        TerraformFault.StateLocked => ErrorKinds.TerraformStateLocked,
        TerraformFault.PlanStale => ErrorKinds.TerraformPlanStale,
        TerraformFault.PlanUnusable => ErrorKinds.TerraformPlanUnusable,
        _ => ErrorKinds.TerraformFailed,
    };

    private static ErrorKind Kind(InfrastructureFault fault) => fault switch
    {
        InfrastructureFault.NotConfigured => ErrorKinds.InfrastructureNotConfigured,
        InfrastructureFault.NotFound => ErrorKinds.InfrastructureNotFound,
        InfrastructureFault.Ambiguous => ErrorKinds.InfrastructureAmbiguous,
        InfrastructureFault.NoCapacity => ErrorKinds.InfrastructureNoCapacity,
        InfrastructureFault.TimedOut => ErrorKinds.InfrastructureTimedOut,
        InfrastructureFault.LeaseUnusable => ErrorKinds.LeaseUnusable,
        InfrastructureFault.LimitReached => ErrorKinds.AwsLimitReached,
        InfrastructureFault.CredentialsMissing => ErrorKinds.AwsCredentialsMissing,
        InfrastructureFault.CredentialsExpired => ErrorKinds.AwsCredentialsExpired,
        InfrastructureFault.CredentialsInvalid => ErrorKinds.AwsCredentialsInvalid,
        InfrastructureFault.AccessDenied => ErrorKinds.AwsAccessDenied,
        InfrastructureFault.WrongRegion => ErrorKinds.AwsRegionWrong,
        InfrastructureFault.Throttled => ErrorKinds.AwsThrottled,
        InfrastructureFault.Unreachable => ErrorKinds.AwsUnreachable,
        InfrastructureFault.JobFailed => ErrorKinds.RemoteJobFailed,
        InfrastructureFault.JobUnusable => ErrorKinds.RemoteJobUnusable,
        InfrastructureFault.SessionPluginMissing => ErrorKinds.SessionPluginMissing,
        InfrastructureFault.TunnelFailed => ErrorKinds.TunnelFailed,
        _ => ErrorKinds.AwsRefused,
    };

    private static ErrorKind Kind(GitFault fault) => fault switch
    {
        GitFault.NotInstalled => ErrorKinds.GitMissing,
        GitFault.NoRepository => ErrorKinds.GitRepositoryMissing,
        GitFault.BadInput => ErrorKinds.PushLineInvalid,
        _ => ErrorKinds.GitFailed,
    };

    private static ErrorKind Kind(GitHubFault fault) => fault switch
    {
        GitHubFault.AccessDenied => ErrorKinds.GitHubAccessDenied,
        GitHubFault.NotFound => ErrorKinds.GitHubRepositoryMissing,
        GitHubFault.Unreachable => ErrorKinds.GitHubUnreachable,
        _ => ErrorKinds.GitHubRefused,
    };

    private static ErrorKind Kind(TrackingFault fault) => fault switch
    {
        TrackingFault.NotFound => ErrorKinds.TrackingNotFound,
        TrackingFault.AlreadyExists => ErrorKinds.TrackingExists,
        TrackingFault.Deleted => ErrorKinds.TrackingDeleted,
        TrackingFault.InvalidValue => ErrorKinds.TrackingValueInvalid,
        TrackingFault.Busy => ErrorKinds.TrackingBusy,
        TrackingFault.Unreachable => ErrorKinds.TrackingUnreachable,
        TrackingFault.Unauthorized => ErrorKinds.TrackingUnauthorized,
        TrackingFault.Refused => ErrorKinds.TrackingRefused,
        TrackingFault.Damaged => ErrorKinds.TrackingDamaged,
        TrackingFault.WrongDigest => ErrorKinds.TrackingDigestWrong,
        TrackingFault.UnknownSchema => ErrorKinds.TrackingSchemaUnknown,
        _ => ErrorKinds.TrackingAddressUnsupported,
    };

    private static WaterMetersException Native(Exception exception)
    {
        // A TypeInitializationException only says that a type could not be prepared; its inner exception has the reason.
        var reason = exception;
        while (reason is TypeInitializationException && reason.InnerException is { } inner) reason = inner;
        string advice = reason is ExternalException
            ? "Use smaller images or batches (-Stage) if memory is short, or -Device Cpu if CUDA fails."
            : "Install the module again, and import it in a new session.";
        return WithAdvice(exception, $"A native library failed: {reason.Sentence()} {advice}");
    }

    private static WaterMetersException WithAdvice(Exception exception, string message) => new(message, exception);

    private static string? FileOf(IOException exception) => exception switch
    {
        FileNotFoundException { FileName.Length: > 0 } e => e.FileName,
        FileLoadException { FileName.Length: > 0 } e => e.FileName,
        _ => null,
    };

    private static ErrorRecord Record(ErrorKind kind, Exception exception, object? target) =>
        new ErrorRecord(exception, kind.Id, kind.FileDecides ? Category(exception.InnerException) ?? kind.Category : kind.Category, target);

    /// <summary>Returns the category of a reason from the file system; null for any other reason.</summary>
    private static ErrorCategory? Category(Exception? reason) => reason switch
    {
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        IOException => ErrorCategory.ResourceUnavailable,
        _ => null,
    };

    private static string JoinWithOr(IEnumerable<string> extensions)
    {
        string[] all = [.. extensions];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
