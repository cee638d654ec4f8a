using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Which programs have a file open, as the Restart Manager of Windows tells; other systems do not keep files from being replaced.
/// </summary>
internal static unsafe partial class FileHolders
{
    /// <summary>Size of RM_PROCESS_INFO: process and start time, name[256], service[64], and four numbers.</summary>
    private const int InfoBytes = 668, NameAt = 12, NameChars = 256;

    private const int MostShown = 3, MostAsked = 64, KeyChars = 33;

    /// <summary>Returns the programs, such as "Microsoft Excel (process 4812)"; empty when the system does not tell.</summary>
    public static IReadOnlyList<string> Of(string path)
    {
        if (!OperatingSystem.IsWindows()) return [];
        try
        {
            return Ask(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or IOException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>Returns one sentence about a file and the programs that hold it.</summary>
    public static string Sentence(string path, IReadOnlyList<string> holders)
    {
        if (holders.Count == 0) return $"'{path}' is open in another program, such as an editor, a viewer or a virus scanner.";
        string others = holders.Count > MostShown
            ? string.Create(CultureInfo.InvariantCulture, $" and {holders.Count - MostShown} more")
            : "";
        return $"'{path}' is open in {string.Join(", ", holders.Take(MostShown))}{others}.";
    }

    /// <summary>Reads an array of RM_PROCESS_INFO.</summary>
    internal static IReadOnlyList<string> Parse(ReadOnlySpan<byte> infos)
    {
        var found = new List<string>();
        for (; infos.Length >= InfoBytes; infos = infos[InfoBytes..])
        {
            int process = BinaryPrimitives.ReadInt32LittleEndian(infos);
            var name = MemoryMarshal.Cast<byte, char>(infos.Slice(NameAt, NameChars * sizeof(char)));
            int end = name.IndexOf('\0');
            string text = (end < 0 ? name : name[..end]).Trim().ToString();
            string number = string.Create(CultureInfo.InvariantCulture, $"process {process}");
            found.Add(process == Environment.ProcessId ? $"this session ({number})" : text.Length == 0 ? number : $"{text} ({number})");
        }

        return found;
    }

    private static IReadOnlyList<string> Ask(string path)
    {
        char* key = stackalloc char[KeyChars];
        if (RmStartSession(out uint session, 0, key) != 0) return [];
        try
        {
            fixed (char* file = path)
            {
                char* files = file;
                if (RmRegisterResources(session, 1, &files, 0, 0, 0, 0) != 0) return [];
            }

            uint count = MostAsked;
            byte[] infos = new byte[MostAsked * InfoBytes];
            fixed (byte* first = infos)
            {
                return RmGetList(session, out _, ref count, first, out _) == 0 ? Parse(infos.AsSpan(0, (int)count * InfoBytes)) : [];
            }
        }
        finally
        {
            _ = RmEndSession(session);
        }
    }

    [LibraryImport("rstrtmgr")]
    private static partial int RmStartSession(out uint session, uint flags, char* key);

    [LibraryImport("rstrtmgr")]
    private static partial int RmRegisterResources(
        uint session, uint fileCount, char** files, uint processCount, nint processes, uint serviceCount, nint services);

    [LibraryImport("rstrtmgr")]
    private static partial int RmGetList(uint session, out uint needed, ref uint count, byte* infos, out uint reasons);

    [LibraryImport("rstrtmgr")]
    private static partial int RmEndSession(uint session);
}
