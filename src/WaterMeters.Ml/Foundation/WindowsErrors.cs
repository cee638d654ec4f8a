namespace WaterMeters.Ml.Foundation;

/// <summary>Error numbers of Windows that need more words than the system has for them, see winerror.h.</summary>
internal static class WindowsErrors
{
    private const int AccessDenied = 5, SharingViolation = 32, LockViolation = 33, DeletePending = 303, UserMappedFile = 1224;

    /// <summary>ERROR_CLOUD_FILE_*: OneDrive, or another program of its kind, cannot bring the content of a file.</summary>
    private static readonly (int First, int Last)[] Cloud =
        [(358, 358), (362, 366), (370, 372), (374, 375), (377, 383), (386, 398), (404, 404), (426, 426), (475, 475)];

    /// <summary>
    /// The drive or the network is not there any more: ERROR_NOT_READY, ERROR_NETNAME_DELETED, ERROR_DEVICE_REMOVED and others.
    /// </summary>
    private static readonly int[] Gone = [21, 51, 53, 54, 55, 59, 64, 67, 121, 433, 1006, 1110, 1112, 1117, 1167, 1231, 1236, 1617];

    /// <summary>Returns the sentence that explains an error; null where the system's own is enough.</summary>
    public static string? Explain(Exception fault) => Number(fault) switch
    {
        null => null,
        int number when Array.Exists(Cloud, range => number >= range.First && number <= range.Last) =>
            "The file is online only, and OneDrive (or the program that keeps it) cannot download it: start it and sign in, check the " +
            "network, or choose 'Always keep on this device' for the folder.",
        int number when Gone.Contains(number) => "The drive was removed, or its network connection was lost.",
        _ => null,
    };

    /// <summary>Returns whether another process holds the file, so that a moment later it may succeed.</summary>
    /// <param name="fault">The error.</param>
    /// <param name="changes">
    /// Whether a file was to be replaced or removed: while another process has it open, Windows says that access is denied.
    /// </param>
    public static bool IsHeld(Exception fault, bool changes) => fault is IOException or UnauthorizedAccessException && Number(fault) switch
    {
        SharingViolation or LockViolation => true,
        AccessDenied or DeletePending or UserMappedFile => changes,
        _ => false,
    };

    /// <summary>Returns the number of an error of Windows; null for one of another system.</summary>
    private static int? Number(Exception fault) => (fault.HResult & 0xffff0000) == 0x80070000 ? fault.HResult & 0xffff : null;
}
