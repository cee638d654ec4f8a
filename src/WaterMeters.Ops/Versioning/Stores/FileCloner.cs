using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>Reflinks: a copy that shares its blocks with the original until one of them is written. Btrfs, XFS and APFS can.</summary>
internal static partial class FileCloner
{
    private const nuint FiClone = 0x40049409;

    /// <summary>
    /// Makes <paramref name="to"/>, which does not exist, a reflink; false if the file system cannot, and then nothing is left.
    /// </summary>
    public static bool TryClone(string from, string to)
    {
        try
        {
            if (OperatingSystem.IsMacOS()) return CloneFile(from, to, 0) == 0;
            return OperatingSystem.IsLinux() && CloneOnLinux(from, to);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static bool CloneOnLinux(string from, string to)
    {
        using var source = File.OpenHandle(from);
        using (var target = File.OpenHandle(to, FileMode.CreateNew, FileAccess.Write))
        {
            if (ControlClone(target, FiClone, source) == 0) return true;
        }

        File.Delete(to);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlClone(SafeFileHandle target, nuint request, SafeFileHandle source);

    [LibraryImport("libc", EntryPoint = "clonefile", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CloneFile(string from, string to, uint flags);
}
