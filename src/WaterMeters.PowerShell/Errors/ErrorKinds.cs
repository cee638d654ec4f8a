using System.Management.Automation;
using System.Reflection;

namespace WaterMeters.PowerShell.Errors;

/// <summary>All kinds of errors of the module. Identifiers never change: scripts test them.</summary>
internal static class ErrorKinds
{
    public static readonly ErrorKind PathNotFound = new(
        nameof(PathNotFound),
        ErrorCategory.ObjectNotFound,
        Target: "the path as given",
        When: "No file or folder matches a path or pattern.",
        Remedy: "Check the path; use -LiteralPath for a name with brackets.");

    public static readonly ErrorKind DriveNotFound = new(
        nameof(DriveNotFound),
        ErrorCategory.ObjectNotFound,
        Target: "the path as given",
        When: "A path begins with a drive that this session does not have.",
        Remedy: "Map the drive in this session, or use the full path.");

    public static readonly ErrorKind PathNotInFileSystem = new(
        nameof(PathNotInFileSystem),
        ErrorCategory.InvalidArgument,
        Target: "the path as given",
        When: "A path belongs to another provider, such as Env: or HKLM:.",
        Remedy: "Use the path of a file or folder on a drive.");

    public static readonly ErrorKind FileAccessDenied = new(
        nameof(FileAccessDenied),
        ErrorCategory.PermissionDenied,
        Target: "the file or folder, or else what the cmdlet was working on",
        When: "The file system denies access, and no more specific error applies.",
        Remedy: "Check the permissions, or choose another location.");

    public static readonly ErrorKind FileAccessFailed = new(
        nameof(FileAccessFailed),
        ErrorCategory.ResourceUnavailable,
        Target: "the file or folder, or else what the cmdlet was working on",
        When: "Reading or writing fails, and no more specific error applies.",
        Remedy: "Close programs that use the file, free disk space or check the drive, and try again.");

    public static readonly ErrorKind NoPhotos = new(
        nameof(NoPhotos),
        ErrorCategory.ObjectNotFound,
        Target: "the folder",
        When: "A folder to predict contains no photos, or no path was given and there is no folder photos_to_predict.",
        Remedy: "Name the photos or their folder.");

    public static readonly ErrorKind PhotoUnusable = new(
        nameof(PhotoUnusable),
        ErrorCategory.InvalidData,
        Target: "the file of the photo or its mask",
        When: "A photo or mask cannot be read, measured or written, or its mask would replace another file. The others continue.",
        Remedy: "Replace or remove the file; if a mask is in the way, use another -OutputPath.",
        FileDecides: true);

    public static readonly ErrorKind MaskExists = new(
        nameof(MaskExists),
        ErrorCategory.ResourceExists,
        Target: "the photo, or the folder of several masks",
        When: "Masks or windows exist already and were kept. The property Masks of the exception lists them.",
        Remedy: "Use -Force to replace them, or -SkipExisting to keep them without an error.");

    public static readonly ErrorKind DatasetUnusable = new(
        nameof(DatasetUnusable),
        ErrorCategory.InvalidData,
        Target: "the folder, the split file or the report",
        When: "A folder is not a data set, its part is empty, its split file is not valid, or a report, photo or mask cannot be written.",
        Remedy: "Check the folder with Test-WmsDataset, or name another.",
        FileDecides: true);

    public static readonly ErrorKind ModelNotFound = new(
        nameof(ModelNotFound),
        ErrorCategory.ObjectNotFound,
        Target: "the model as given, or the folder where the search started",
        When: "A model is neither a file nor in the registry, or none was given and there is none in production.",
        Remedy: "Name a model with -Model, register one with Publish-WmsModel, or train one with Start-WmsTraining.");

    public static readonly ErrorKind ModelUnusable = new(
        nameof(ModelUnusable),
        ErrorCategory.InvalidData,
        Target: "the model file",
        When: "A model is damaged or inconsistent, has another network or format, or cannot be read or written.",
        Remedy: "Copy it again from its source, export it again, or train a new one.",
        FileDecides: true);

    public static readonly ErrorKind ModelExists = new(
        nameof(ModelExists),
        ErrorCategory.ResourceExists,
        Target: "the file, or the second model that would be written to it",
        When: "The model file to write exists already, or two models of one call would be written to it.",
        Remedy: "Use -Force, or choose another -OutputPath.");

    public static readonly ErrorKind GateNotPassed = new(
        nameof(GateNotPassed),
        ErrorCategory.InvalidResult,
        Target: "the model file or the run",
        When: "A model to be put into production did not pass the gate. Nothing was registered; the exception has the Comparison.",
        Remedy: "Train a better model, add test photos, or use -Force with -Reason.");

    public static readonly ErrorKind SettingUnusable = new(
        nameof(SettingUnusable),
        ErrorCategory.InvalidArgument,
        Target: "the parameter's name, or the file",
        When: "A value in a parameter or settings file is not valid, or contradicts another.",
        Remedy: "Correct the value as the message says.",
        FileDecides: true);

    public static readonly ErrorKind TrainingFailed = new(
        nameof(TrainingFailed),
        ErrorCategory.InvalidOperation,
        Target: "the folder of the run",
        When: "The folder contains another run or cannot be written, a run cannot be resumed, or its loss is not finite.",
        Remedy: "Choose another -OutputPath, or use -Resume or -Force, as the message says.",
        FileDecides: true);

    public static readonly ErrorKind TrainingRunning = new(
        nameof(TrainingRunning),
        ErrorCategory.ResourceBusy,
        Target: "the folder of the run that was refused",
        When: "Another training is running in this process.",
        Remedy: "Wait for it, or start this one with Start-Job.");

    public static readonly ErrorKind RuntimeMissing = new(
        nameof(RuntimeMissing),
        ErrorCategory.NotInstalled,
        Target: "the library, by its name in Test-WmsEnvironment",
        When: "A native library that the cmdlet needs is missing or does not load.",
        Remedy: "Run Install-WmsRuntime; Test-WmsEnvironment lists what is missing.");

    public static readonly ErrorKind RuntimeNotPublished = new(
        nameof(RuntimeNotPublished),
        ErrorCategory.NotImplemented,
        Target: "the platform",
        When: "There is no libtorch package for this platform.",
        Remedy: "Train on a platform that the message names; prediction may work without libtorch.");

    public static readonly ErrorKind RuntimeSourceUnusable = new(
        nameof(RuntimeSourceUnusable),
        ErrorCategory.InvalidData,
        Target: "the file or folder",
        When: "The -Source of Install-WmsRuntime does not exist, cannot be read, or contains no libtorch for this platform and version.",
        Remedy: "Name a package file, a folder with libtorch, or a feed.",
        FileDecides: true);

    public static readonly ErrorKind RuntimeHashUnknown = new(
        nameof(RuntimeHashUnknown),
        ErrorCategory.InvalidArgument,
        Target: "the package",
        When: "The module was built for a libtorch version whose hash it does not know.",
        Remedy: "Give the hash of the package with -Sha512.");

    public static readonly ErrorKind RuntimeHashMismatch = new(
        nameof(RuntimeHashMismatch),
        ErrorCategory.SecurityError,
        Target: "the package's file or address",
        When: "A package is damaged or not the expected one. Nothing was installed.",
        Remedy: "Download it again; for a package of your own, give its hash with -Sha512.");

    public static readonly ErrorKind RuntimeDestinationInUse = new(
        nameof(RuntimeDestinationInUse),
        ErrorCategory.ResourceExists,
        Target: "the folder or file",
        When: "The folder to install into contains other files, is in use, or cannot be written.",
        Remedy: "Choose another folder with -OutputPath, or close the sessions that use it.");

    public static readonly ErrorKind FeedUnavailable = new(
        nameof(FeedUnavailable),
        ErrorCategory.ConnectionError,
        Target: "the address",
        When: "A package feed does not respond, refuses the request, or does not have the package.",
        Remedy: "Check the network and the address, or name the package file with -Source.");

    public static readonly ErrorKind DownloadBroken = new(
        nameof(DownloadBroken),
        ErrorCategory.ConnectionError,
        Target: "the address",
        When: "A download was interrupted several times in a row.",
        Remedy: "Run Install-WmsRuntime again to resume it.");

    public static readonly ErrorKind DiskFull = new(
        nameof(DiskFull),
        ErrorCategory.ResourceUnavailable,
        Target: "the folder or file",
        When: "The disk has not enough free space for libtorch.",
        Remedy: "Choose a folder on another disk with -OutputPath, or free disk space.");

    public static readonly ErrorKind TrackingNotFound = new(
        nameof(TrackingNotFound),
        ErrorCategory.ObjectNotFound,
        Target: "the name, identifier or artifact",
        When: "The tracking store has no such experiment, run, model, version, alias or artifact.",
        Remedy: "Check the name; Get-WmsRun and Get-WmsModel list what there is.");

    public static readonly ErrorKind TrackingExists = new(
        nameof(TrackingExists),
        ErrorCategory.ResourceExists,
        Target: "the name",
        When: "The tracking store has something of this name already.",
        Remedy: "Choose another name.");

    public static readonly ErrorKind TrackingDeleted = new(
        nameof(TrackingDeleted),
        ErrorCategory.InvalidOperation,
        Target: "the name or identifier",
        When: "An experiment, run or model was deleted in MLflow.",
        Remedy: "Restore it with the command in the message, or choose another name.");

    public static readonly ErrorKind TrackingValueInvalid = new(
        nameof(TrackingValueInvalid),
        ErrorCategory.InvalidArgument,
        Target: "the name, or what the value is for",
        When: "MLflow does not accept a name or value. Nothing was written or sent.",
        Remedy: "Change the name or value as the message says.");

    public static readonly ErrorKind TrackingBusy = new(
        nameof(TrackingBusy),
        ErrorCategory.ResourceBusy,
        Target: "the database, the address, or what was requested",
        When: "Other processes keep the database locked, or the server asks to wait, for longer than the limit.",
        Remedy: "Wait a little and try again.");

    public static readonly ErrorKind TrackingUnreachable = new(
        nameof(TrackingUnreachable),
        ErrorCategory.ConnectionError,
        Target: "the database, the address, or what was requested",
        When: "The tracking server does not respond, or the database cannot be opened.",
        Remedy: "Check the network and MLFLOW_TRACKING_URI, or the folder of the database.");

    public static readonly ErrorKind TrackingUnauthorized = new(
        nameof(TrackingUnauthorized),
        ErrorCategory.PermissionDenied,
        Target: "the address",
        When: "The tracking server requires other credentials.",
        Remedy: "Change MLFLOW_TRACKING_TOKEN, or user name and password, as the message says.");

    public static readonly ErrorKind TrackingRefused = new(
        nameof(TrackingRefused),
        ErrorCategory.InvalidOperation,
        Target: "the database, the address, or what was requested",
        When: "The tracking store refuses the request, the database is read-only, or its disk is full.",
        Remedy: "Change what the message names.");

    public static readonly ErrorKind TrackingDamaged = new(
        nameof(TrackingDamaged),
        ErrorCategory.InvalidData,
        Target: "the file or the address",
        When: "The answer of the server, the database or a file in it is damaged.",
        Remedy: "Restore the database from a backup, or check the server.");

    public static readonly ErrorKind TrackingDigestWrong = new(
        nameof(TrackingDigestWrong),
        ErrorCategory.SecurityError,
        Target: "the file",
        When: "A downloaded file has another size or digest than expected. Nothing was written.",
        Remedy: "Download it again; if it stays so, check who changed it in the store.");

    public static readonly ErrorKind TrackingSchemaUnknown = new(
        nameof(TrackingSchemaUnknown),
        ErrorCategory.NotImplemented,
        Target: "the database",
        When: "The database has a schema of MLflow that this version cannot use.",
        Remedy: "Update the module, or use another database.");

    public static readonly ErrorKind TrackingAddressUnsupported = new(
        nameof(TrackingAddressUnsupported),
        ErrorCategory.InvalidArgument,
        Target: "the address",
        When: "The address of the tracking store is of a kind that is not supported, such as a folder store.",
        Remedy: "Use an sqlite:///, http:// or https:// address, or the path of a .db file.");

    public static readonly ErrorKind VersionNotFound = new(
        nameof(VersionNotFound),
        ErrorCategory.ObjectNotFound,
        Target: "the file or folder, or the revision",
        When: "A file or folder was never published, is in no repository of DVC, or was not published in that revision.",
        Remedy: "Publish it with Publish-WmsDataset, or check the path or revision.");

    public static readonly ErrorKind VersionUnusable = new(
        nameof(VersionUnusable),
        ErrorCategory.InvalidData,
        Target: "the file, or the name of the remote",
        When: "A setting in .dvc/config, a .dvc file, a listing or a file name in it cannot be used.",
        Remedy: "Correct the setting or file that the message names.");

    public static readonly ErrorKind VersionIncomplete = new(
        nameof(VersionIncomplete),
        ErrorCategory.InvalidData,
        Target: "the .dvc file, or the hash of the file",
        When: "Files of a version are missing in the remote, or damaged there.",
        Remedy: "Run Publish-WmsDataset -Verify where the files are.");

    public static readonly ErrorKind RemoteUnavailable = new(
        nameof(RemoteUnavailable),
        ErrorCategory.ConnectionError,
        Target: "the name of the remote, or the file",
        When: "The remote does not respond, has no such bucket, or its disk is full.",
        Remedy: "Check the network and the settings of the remote in .dvc/config, and run the cmdlet again.");

    public static readonly ErrorKind RemoteAccessDenied = new(
        nameof(RemoteAccessDenied),
        ErrorCategory.PermissionDenied,
        Target: "the name of the remote, or the file",
        When: "The remote refuses the credentials, they have expired, or there are none.",
        Remedy: "Set AWS_PROFILE or log in again, or change the credentials of the remote.");

    public static readonly ErrorKind RepositoryLocked = new(
        nameof(RepositoryLocked),
        ErrorCategory.ResourceBusy,
        Target: "the lock, or the file or folder",
        When: "DVC or another session is working in the repository.",
        Remedy: "Wait until it ends, and try again.");

    public static readonly ErrorKind FileNotPublished = new(
        nameof(FileNotPublished),
        ErrorCategory.ResourceExists,
        Target: "the file",
        When: "A file that was never published would be replaced, or an added file would replace a published one.",
        Remedy: "Publish, move or rename it, or use -Force.");

    public static readonly ErrorKind TerraformMissing = new(
        nameof(TerraformMissing),
        ErrorCategory.NotInstalled,
        Target: "the program",
        When: "The program terraform is not in PATH, or does not start.",
        Remedy: "Install terraform, or add its folder to PATH.");

    public static readonly ErrorKind TerraformVersionUnusable = new(
        nameof(TerraformVersionUnusable),
        ErrorCategory.NotInstalled,
        Target: "the program, or the folder with the files",
        When: "The program terraform is older or newer than the files need.",
        Remedy: "Install the version that the message names.");

    public static readonly ErrorKind TerraformStateLocked = new(
        nameof(TerraformStateLocked),
        ErrorCategory.ResourceBusy,
        Target: "the folder, or the plan",
        When: "Someone else works on the same state of Terraform.",
        Remedy: "Wait until that is done; release the lock if its owner has died.");

    public static readonly ErrorKind TerraformPlanStale = new(
        nameof(TerraformPlanStale),
        ErrorCategory.InvalidOperation,
        Target: "the plan",
        When: "The state was changed after the plan was made.",
        Remedy: "Make a new plan.");

    public static readonly ErrorKind TerraformPlanUnusable = new(
        nameof(TerraformPlanUnusable),
        ErrorCategory.InvalidData,
        Target: "the plan",
        When: "A saved plan is missing, damaged, of other files or of a newer format.",
        Remedy: "Make a new plan.");

    public static readonly ErrorKind TerraformFailed = new(
        nameof(TerraformFailed),
        ErrorCategory.InvalidOperation,
        Target: "the folder, or the plan",
        When: "terraform ends with an error.",
        Remedy: "Correct what the message names, and try again.");

    public static readonly ErrorKind GitMissing = new(
        nameof(GitMissing),
        ErrorCategory.NotInstalled,
        Target: "git or git-lfs",
        When: "git, or git-lfs for photos that are stored with it, is not installed.",
        Remedy: "Install it, or add its folder to PATH.");

    public static readonly ErrorKind GitRepositoryMissing = new(
        nameof(GitRepositoryMissing),
        ErrorCategory.ObjectNotFound,
        Target: "the folder",
        When: "The folder is not in a git repository.",
        Remedy: "Change to the folder of the repository.");

    public static readonly ErrorKind GitFailed = new(
        nameof(GitFailed),
        ErrorCategory.InvalidOperation,
        Target: "the folder, the remote or the file",
        When: "A command of git ends with an error, or the repository has no such remote.",
        Remedy: "Correct what git says, and try again.");

    public static readonly ErrorKind PushLineInvalid = new(
        nameof(PushLineInvalid),
        ErrorCategory.InvalidArgument,
        Target: "the line",
        When: "The input of Invoke-WmsPrePush is not what git writes to a pre-push hook.",
        Remedy: "Pass the lines of git unchanged.");

    public static readonly ErrorKind HookUnusable = new(
        nameof(HookUnusable),
        ErrorCategory.ResourceExists,
        Target: "the file",
        When: "The hook cannot be installed or removed: two hooks of other tools are in the way, or a file cannot be written.",
        Remedy: "Remove or merge the hooks that the message names, or check the permissions.",
        FileDecides: true);

    public static readonly ErrorKind GitHubAccessDenied = new(
        nameof(GitHubAccessDenied),
        ErrorCategory.PermissionDenied,
        Target: "the repository, as owner/name",
        When: "There is no token for GitHub, GitHub does not accept it, or it lacks a permission.",
        Remedy: "Set GH_TOKEN or GITHUB_TOKEN to a token with the permission that the message names.");

    public static readonly ErrorKind GitHubRepositoryMissing = new(
        nameof(GitHubRepositoryMissing),
        ErrorCategory.ObjectNotFound,
        Target: "the repository, as owner/name",
        When: "GitHub has no such repository, or the token does not see it.",
        Remedy: "Check the name, and that the token has access to it.");

    public static readonly ErrorKind GitHubUnreachable = new(
        nameof(GitHubUnreachable),
        ErrorCategory.ConnectionError,
        Target: "the repository, as owner/name",
        When: "GitHub does not respond, or is out of order.",
        Remedy: "Check the network and GITHUB_API_URL, and try again.");

    public static readonly ErrorKind GitHubRefused = new(
        nameof(GitHubRefused),
        ErrorCategory.InvalidOperation,
        Target: "the repository, as owner/name",
        When: "GitHub refuses a request, or accepts no more for a while.",
        Remedy: "Change what the message names, or wait until the time it names.");

    public static readonly ErrorKind InfrastructureNotConfigured = new(
        nameof(InfrastructureNotConfigured),
        ErrorCategory.InvalidArgument,
        Target: "the setting",
        When: "No bucket, region or profile is named for the machine, or the one that is named does not exist.",
        Remedy: "Pass -BucketName, -Region or -ProfileName, or set them in wms.yaml.");

    public static readonly ErrorKind InfrastructureNotFound = new(
        nameof(InfrastructureNotFound),
        ErrorCategory.ObjectNotFound,
        Target: "the name of the machine, or the instance",
        When: "There is no machine of this name in the region, or it was terminated.",
        Remedy: "Check -Region and aws.machine in wms.yaml, or create the machine with terraform.");

    public static readonly ErrorKind InfrastructureAmbiguous = new(
        nameof(InfrastructureAmbiguous),
        ErrorCategory.InvalidArgument,
        Target: "the name of the machine",
        When: "Several instances have the name of the machine.",
        Remedy: "Pass -InstanceId, or terminate those that are not needed.");

    public static readonly ErrorKind InfrastructureNoCapacity = new(
        nameof(InfrastructureNoCapacity),
        ErrorCategory.ResourceUnavailable,
        Target: "the instance",
        When: "AWS has no capacity for the instance type in the zone of the machine now.",
        Remedy: "Use -RetryFor or -AlternativeType, or try again later.");

    public static readonly ErrorKind InfrastructureTimedOut = new(
        nameof(InfrastructureTimedOut),
        ErrorCategory.OperationTimeout,
        Target: "the instance",
        When: "The machine is not ready, or not off, after the time it was given.",
        Remedy: "Check the log of the machine and its role, as the message says.");

    public static readonly ErrorKind SessionPluginMissing = new(
        nameof(SessionPluginMissing),
        ErrorCategory.NotInstalled,
        Target: "the program",
        When: "The registry on the machine is reached through a port of this computer, and session-manager-plugin is not installed.",
        Remedy: "Install session-manager-plugin, as the message says.");

    public static readonly ErrorKind TunnelFailed = new(
        nameof(TunnelFailed),
        ErrorCategory.ConnectionError,
        Target: "the address of the registry",
        When: "The port of this computer cannot be forwarded to the machine: it is in use, or session-manager-plugin has ended.",
        Remedy: "Check what the message names: the port, the program, or MLflow on the machine.");

    public static readonly ErrorKind LeaseUnusable = new(
        nameof(LeaseUnusable),
        ErrorCategory.InvalidData,
        Target: "the address of the object",
        When: "The lease object of the machine cannot be read, or is of a newer version of the module.",
        Remedy: "Install the newest module, or remove the object while nobody uses the machine.");

    public static readonly ErrorKind AwsLimitReached = new(
        nameof(AwsLimitReached),
        ErrorCategory.LimitsExceeded,
        Target: "the instance",
        When: "A quota of the AWS account is used up.",
        Remedy: "Ask AWS for a higher quota, or stop other instances.");

    public static readonly ErrorKind AwsCredentialsMissing = new(
        nameof(AwsCredentialsMissing),
        ErrorCategory.AuthenticationError,
        Target: "the machine or bucket",
        When: "There are no AWS credentials.",
        Remedy: "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass -ProfileName.");

    public static readonly ErrorKind AwsCredentialsExpired = new(
        nameof(AwsCredentialsExpired),
        ErrorCategory.AuthenticationError,
        Target: "the machine or bucket",
        When: "The AWS credentials were valid until some time ago.",
        Remedy: "Run aws sso login, or set new credentials.");

    public static readonly ErrorKind AwsCredentialsInvalid = new(
        nameof(AwsCredentialsInvalid),
        ErrorCategory.AuthenticationError,
        Target: "the machine or bucket",
        When: "AWS does not know the credentials.",
        Remedy: "Check the key, its secret and its token, and the clock of this computer.");

    public static readonly ErrorKind AwsAccessDenied = new(
        nameof(AwsAccessDenied),
        ErrorCategory.PermissionDenied,
        Target: "the machine or bucket",
        When: "The AWS credentials are valid and may not do this.",
        Remedy: "Use credentials that may, or add the permission that the message names.");

    public static readonly ErrorKind AwsRegionWrong = new(
        nameof(AwsRegionWrong),
        ErrorCategory.InvalidArgument,
        Target: "the machine or bucket",
        When: "The machine or bucket is in another region, or the account has not enabled the region.",
        Remedy: "Pass -Region, or set AWS_REGION.");

    public static readonly ErrorKind AwsThrottled = new(
        nameof(AwsThrottled),
        ErrorCategory.ResourceBusy,
        Target: "the machine or bucket",
        When: "AWS refuses requests because there were too many, also after several attempts.",
        Remedy: "Wait a minute and try again.");

    public static readonly ErrorKind AwsUnreachable = new(
        nameof(AwsUnreachable),
        ErrorCategory.ConnectionError,
        Target: "the machine or bucket",
        When: "AWS cannot be reached.",
        Remedy: "Check the network, the name of the region and the proxy.");

    public static readonly ErrorKind AwsRefused = new(
        nameof(AwsRefused),
        ErrorCategory.InvalidOperation,
        Target: "the machine or bucket",
        When: "AWS refuses a request for another reason.",
        Remedy: "Check the state of the machine with Get-WmsInfrastructure, and try again.");

    public static readonly ErrorKind RemoteJobFailed = new(
        nameof(RemoteJobFailed),
        ErrorCategory.OperationStopped,
        Target: "the job",
        When: "A training on the machine has failed, was stopped, or ended without a result.",
        Remedy: "Correct the cause that the message names, or continue the job as it says.");

    public static readonly ErrorKind RemoteJobUnusable = new(
        nameof(RemoteJobUnusable),
        ErrorCategory.InvalidArgument,
        Target: "the job, or its object in the bucket",
        When: "There is no such job, it has other settings or another version of the data set, or its objects cannot be used.",
        Remedy: "Use -Resume to attach to the job as it is, or start another with another -RunId.");

    public static readonly ErrorKind OutOfMemory = new(
        nameof(OutOfMemory),
        ErrorCategory.LimitsExceeded,
        Target: "what the cmdlet was working on",
        When: "The process cannot get more memory.",
        Remedy: "Close other programs, or use smaller photos, images or batches (-Stage).");

    public static readonly ErrorKind NativeFailure = new(
        nameof(NativeFailure),
        ErrorCategory.ResourceUnavailable,
        Target: "what the cmdlet was working on",
        When: "A native library fails, mostly because memory is short or its file is damaged.",
        Remedy: "Use smaller images or batches, or install the module again, as the message says.");

    public static readonly ErrorKind Unexpected = new(
        nameof(Unexpected),
        ErrorCategory.NotSpecified,
        Target: "what the cmdlet was working on",
        When: "An unexpected error: a defect of the module or of its installation.",
        Remedy: "Install the module again if the message names one of its files; otherwise report it with the output of Get-Error.");

    /// <summary>All kinds, in the order of docs/errors.md.</summary>
    public static IReadOnlyList<ErrorKind> All =>
        [.. typeof(ErrorKinds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<ErrorKind>()];
}
