using System.Management.Automation;
using System.Reflection;

namespace WaterMeters.PowerShell.Errors;

/// <summary>Every kind of error of the module. Identifiers stay as they are: scripts ask for them.</summary>
internal static class ErrorKinds
{
    public static readonly ErrorKind PathNotFound = new(nameof(PathNotFound), ErrorCategory.ObjectNotFound,
        "the path as it was given", "A path, or a pattern, matches nothing.", "Check the path; use -LiteralPath for a name with brackets.");

    public static readonly ErrorKind DriveNotFound = new(nameof(DriveNotFound), ErrorCategory.ObjectNotFound,
        "the path as it was given", "A path begins with a drive that this session does not have.", "Map the drive in this session, or use the full path.");

    public static readonly ErrorKind PathNotInFileSystem = new(nameof(PathNotInFileSystem), ErrorCategory.InvalidArgument,
        "the path as it was given", "A path is one of another provider, such as Env: or HKLM:.", "Name a file or a folder of a drive.");

    public static readonly ErrorKind FileAccessDenied = new(nameof(FileAccessDenied), ErrorCategory.PermissionDenied,
        "the file or folder, or else what the cmdlet was working on", "The file system refuses this user, and none of the kinds below says of what.", "Mend the permissions, or name another place.");

    public static readonly ErrorKind FileAccessFailed = new(nameof(FileAccessFailed), ErrorCategory.ResourceUnavailable,
        "the file or folder, or else what the cmdlet was working on", "Reading or writing fails, and none of the kinds below says of what.", "Close what uses the file, make room or check the drive, and try again.");

    public static readonly ErrorKind NoPhotos = new(nameof(NoPhotos), ErrorCategory.ObjectNotFound,
        "the folder", "A folder to predict holds no photo, or none was named and there is no photos_to_predict.", "Name the photos, or the folder they are in.");

    public static readonly ErrorKind PhotoUnusable = new(nameof(PhotoUnusable), ErrorCategory.InvalidData,
        "the file of the photo or its mask", "A photo or a mask cannot be read, measured or written, or its mask would replace another file. The rest of the batch goes on.", "Mend the file or take it out; use -Force, or another -OutputPath, when a mask is in the way.", FileDecides: true);

    public static readonly ErrorKind DatasetUnusable = new(nameof(DatasetUnusable), ErrorCategory.InvalidData,
        "the folder, the split file or the report", "A folder is no data set, its part is empty, its split file is none, or a report, a photo or a mask cannot be written.", "Check the folder with Test-WmsDataset, or name another.", FileDecides: true);

    public static readonly ErrorKind ModelNotFound = new(nameof(ModelNotFound), ErrorCategory.ObjectNotFound,
        "the model as it was given, or the folder that was searched from", "There is no such model file, or none was named and no models/production.* was found.", "Name one with -Model, or train one with Start-WmsTraining.");

    public static readonly ErrorKind ModelUnusable = new(nameof(ModelUnusable), ErrorCategory.InvalidData,
        "the model's file", "A model is damaged, of another network or format, contradicts itself, or cannot be read or written.", "Copy it again from where it came, export it again, or train a new one.", FileDecides: true);

    public static readonly ErrorKind ModelExists = new(nameof(ModelExists), ErrorCategory.ResourceExists,
        "the file, or the second model that would go there", "A model is in the place where one is to be written, or two of one call would be.", "Use -Force, or name another -Path.");

    public static readonly ErrorKind SettingUnusable = new(nameof(SettingUnusable), ErrorCategory.InvalidArgument,
        "the parameter's name, or the file", "A value, in a parameter or a train.yaml, cannot be used, or contradicts another.", "Give a value that the message names.", FileDecides: true);

    public static readonly ErrorKind TrainingFailed = new(nameof(TrainingFailed), ErrorCategory.InvalidOperation,
        "the run's folder", "The folder holds another run or cannot be written, a run cannot go on as asked, or its loss is not finite.", "Name another -OutputPath, or use -Resume or -Force, as the message says.", FileDecides: true);

    public static readonly ErrorKind TrainingRunning = new(nameof(TrainingRunning), ErrorCategory.ResourceBusy,
        "the folder of the run that was refused", "A training runs in this process already.", "Wait for it, or start this one with Start-Job.");

    public static readonly ErrorKind RuntimeMissing = new(nameof(RuntimeMissing), ErrorCategory.NotInstalled,
        "the library, by its name in Test-WmsEnvironment", "A native library that the cmdlet needs is not there, or does not load.", "Run Install-WmsRuntime; Test-WmsEnvironment says what is missing.");

    public static readonly ErrorKind RuntimeNotPublished = new(nameof(RuntimeNotPublished), ErrorCategory.NotImplemented,
        "the platform", "There is no libtorch for this platform to install.", "Train on a platform that the message names; predicting may work without.");

    public static readonly ErrorKind RuntimeSourceUnusable = new(nameof(RuntimeSourceUnusable), ErrorCategory.InvalidData,
        "the file or folder", "The -Source of Install-WmsRuntime is not there, cannot be read, or holds no libtorch for this platform and version.", "Name the package file, a folder with libtorch, or a feed.", FileDecides: true);

    public static readonly ErrorKind RuntimeHashUnknown = new(nameof(RuntimeHashUnknown), ErrorCategory.InvalidArgument,
        "the package", "The module was built for another libtorch than the one whose hash it knows.", "Give the package's hash with -Sha512.");

    public static readonly ErrorKind RuntimeHashMismatch = new(nameof(RuntimeHashMismatch), ErrorCategory.SecurityError,
        "the package's file or address", "A package is another one than expected, or damaged. Nothing was installed.", "Download it again; give -Sha512 for a package of your own.");

    public static readonly ErrorKind RuntimeDestinationInUse = new(nameof(RuntimeDestinationInUse), ErrorCategory.ResourceExists,
        "the folder or file", "The folder to install into holds something else, is in use, or cannot be written.", "Name another folder with -Path, or close the sessions that use it.");

    public static readonly ErrorKind FeedUnavailable = new(nameof(FeedUnavailable), ErrorCategory.ConnectionError,
        "the address", "A package feed does not answer, refuses, or has no such package.", "Check the network and the address, or name the package's file with -Source.");

    public static readonly ErrorKind DownloadBroken = new(nameof(DownloadBroken), ErrorCategory.ConnectionError,
        "the address", "A download broke off several times in a row.", "Run Install-WmsRuntime again: it goes on from there.");

    public static readonly ErrorKind DiskFull = new(nameof(DiskFull), ErrorCategory.ResourceUnavailable,
        "the folder or file", "The disk has too little room for libtorch.", "Make room, or name a folder on another disk with -Path.");

    public static readonly ErrorKind OutOfMemory = new(nameof(OutOfMemory), ErrorCategory.LimitsExceeded,
        "what the cmdlet was working on", "The process gets no more memory.", "Close other programs, or use smaller photos, images or batches (-Stage).");

    public static readonly ErrorKind NativeFailure = new(nameof(NativeFailure), ErrorCategory.ResourceUnavailable,
        "what the cmdlet was working on", "A native library fails, mostly because memory is short, or its file is damaged.", "Use smaller images or batches, or install the module again, as the message says.");

    public static readonly ErrorKind Unexpected = new(nameof(Unexpected), ErrorCategory.NotSpecified,
        "what the cmdlet was working on", "Something failed that nobody thought of: a fault of the module, or of its installation.", "Install the module again when the message names one of its files; otherwise report it with what Get-Error shows.");

    /// <summary>All of them, in the order of docs/errors.md.</summary>
    public static IReadOnlyList<ErrorKind> All =>
        [.. typeof(ErrorKinds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<ErrorKind>()];
}
