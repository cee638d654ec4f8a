using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Loads libraries on Windows by their full paths. What they need is taken from their own folder, from what is loaded already, from the
/// program's folder or from Windows itself; never from PATH or the current folder, where another libtorch may lie.
/// </summary>
internal static partial class WindowsLibraries
{
    // libloaderapi.h: LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS (program, System32, AddDllDirectory).
    private const uint OwnFolder = 0x100, SafeFolders = 0x1000;
    private const int MaxPath = 260;

    /// <summary>Loads a library.</summary>
    /// <returns>Its handle.</returns>
    /// <exception cref="LibraryLoadException">Windows refuses, or has loaded another library of this name.</exception>
    [SupportedOSPlatform("windows")]
    public static nint Load(string file)
    {
        // The libraries that are loaded next find this one by its name, and then another of this name in the process counts.
        nint first = GetModuleHandle(Path.GetFileName(file));
        nint handle = LoadLibraryEx(file.Length < MaxPath ? file : SystemPaths.ToExtended(file), 0, OwnFolder | SafeFolders);
        if (handle == 0) throw WindowsLoadFault.Of(file, Marshal.GetLastPInvokeError(), Missing(file));
        if (first == 0 || first == handle) return handle;
        string other = LoadedFrom(first);
        NativeLibrary.Free(handle);
        throw new LibraryLoadException(
            $"Cannot load '{file}': this process has already loaded '{other}', as of another module, and Windows uses one library of " +
            "each name. Start a new PowerShell and use this module first.", []);
    }

    /// <summary>Returns whether a library of this name is loaded in this process, from wherever.</summary>
    public static bool IsLoaded(string name) => OperatingSystem.IsWindows() && GetModuleHandle(name) != 0;

    /// <summary>
    /// Returns the libraries of a folder that <paramref name="roots"/> need, and these themselves, in the order of their dependencies.
    /// Loaded one after the other, each finds those that it needs, and an error names the one that fails.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="roots">Names of files in it.</param>
    /// <exception cref="BadImageFormatException">A file is not a library of Windows.</exception>
    public static IReadOnlyList<string> LoadOrder(string folder, IEnumerable<string> roots)
    {
        var order = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string root in roots) Visit(root);
        return order;

        void Visit(string name)
        {
            string file = Path.Combine(folder, name);
            if (!seen.Add(name) || !File.Exists(file)) return;
            foreach (string needed in WindowsImports.Of(file)) Visit(needed);
            order.Add(file);
        }
    }

    /// <summary>
    /// Returns the names of the libraries that a file needs, itself or through others in its folder, and that are neither there nor loaded
    /// nor a part of Windows. The file itself if it does not exist. Loads nothing.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">Another folder whose libraries are loaded before it.</param>
    public static IReadOnlyList<string> Missing(string file, string? folder = null)
    {
        var missing = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        string own = Path.GetDirectoryName(file)!;
        Visit(Path.GetFileName(file));
        return [.. missing];

        void Visit(string name)
        {
            // API sets are names of Windows 10 and later without files.
            if (!seen.Add(name) || name.StartsWith("api-ms-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("ext-ms-", StringComparison.OrdinalIgnoreCase)) return;
            string? path = new[] { own, folder }.Where(f => f is not null).Select(f => Path.Combine(f!, name)).FirstOrDefault(File.Exists);
            if (path is not null) Array.ForEach([.. Imports(path)], Visit);
            else if (!IsLoaded(name) && !IsPartOfSystem(name)) missing.Add(name);
        }
    }

    // A file that is no library is reported by what Windows says about it.
    private static IReadOnlyList<string> Imports(string file)
    {
        try
        {
            return WindowsImports.Of(file);
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool IsPartOfSystem(string name) => new[] { Environment.SystemDirectory, Path.GetDirectoryName(Environment.ProcessPath) }
        .Any(folder => !string.IsNullOrEmpty(folder) && File.Exists(Path.Combine(folder, name)));

    private static string LoadedFrom(nint library)
    {
        char[] path = new char[short.MaxValue];
        return new string(path, 0, (int)GetModuleFileName(library, path, path.Length));
    }

    [LibraryImport("kernel32", EntryPoint = "LoadLibraryExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint LoadLibraryEx(string file, nint reserved, uint flags);

    [LibraryImport("kernel32", EntryPoint = "GetModuleHandleW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint GetModuleHandle(string name);

    [LibraryImport("kernel32", EntryPoint = "GetModuleFileNameW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial uint GetModuleFileName(nint library, [Out] char[] path, int length);
}
