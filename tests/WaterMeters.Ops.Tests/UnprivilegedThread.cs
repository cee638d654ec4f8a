using System.Runtime.InteropServices;

namespace WaterMeters.Ops.Tests;

/// <summary>
/// For tests of files that may not be written: the superuser, as in a container, may write to every file. Until it is disposed, the files
/// of this thread are opened as the user nobody. Elsewhere, and for other users, it changes nothing.
/// </summary>
internal sealed partial class UnprivilegedThread : IDisposable
{
    private const uint Nobody = 65534;
    private readonly bool isSuperuser = OperatingSystem.IsLinux() && Environment.UserName == "root";

    public UnprivilegedThread()
    {
        if (isSuperuser) _ = SetUser(Nobody);
    }

    public void Dispose()
    {
        if (isSuperuser) _ = SetUser(0);
    }

    // Unlike setuid, this is for the files alone and for the thread alone. It returns the user before, also when it fails.
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetUser(uint user);
}
