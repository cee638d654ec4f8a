using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

// Paths, as the session sees them, and the files that -Model names; names of a registry are in WmsCmdlet.Registry.cs.
public abstract partial class WmsCmdlet
{
    private const string FileSystem = "FileSystem", Extended = @"\\?\";

    /// <summary>The session's location in the file system.</summary>
    private protected string Location => SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>Returns the absolute path of one file or folder, which need not exist; terminates the cmdlet when there is none.</summary>
    private protected string ResolvePath(string path)
    {
        if (!TryResolvePath(path, out string absolute, out var error)) ThrowTerminatingError(error);
        return absolute;
    }

    /// <summary>Resolves the path of one file or folder, which need not exist; false when it is not in the file system.</summary>
    private protected bool TryResolvePath(string path, out string absolute, [NotNullWhen(false)] out ErrorRecord? error)
    {
        (absolute, error) = (path, null);
        if (string.IsNullOrEmpty(path))
        {
            error = WmsErrors.PathNotFound("", Location);
            return false;
        }

        try
        {
            // Without a separator at the end, as Tab adds it: files beside a folder are named by the folder's name and a suffix.
            string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(InFileSystem(path), out var provider, out _);
            absolute = System.IO.Path.TrimEndingDirectorySeparator(resolved);
            if (provider.Name != FileSystem || absolute.Contains('\0', StringComparison.Ordinal)) error = WmsErrors.NotInFileSystem(path);
            else absolute = SystemPaths.Normalize(absolute);
        }
        catch (SessionStateException e)
        {
            // A missing drive or provider: mostly a network drive of another session.
            error = WmsErrors.DriveNotFound(path, e);
        }

        return error is null;
    }

    /// <summary>Returns the files and folders that a path with wildcards matches; none is a non-terminating error.</summary>
    private protected IReadOnlyList<string> ExpandWildcards(string path)
    {
        if (string.IsNullOrEmpty(path))
        {
            WriteError(WmsErrors.PathNotFound("", Location));
            return [];
        }

        if (LiteralOfExtended(path) is { } literal)
        {
            if (System.IO.Path.Exists(literal)) return [literal];
            WriteError(WmsErrors.PathNotFound(path, Location));
            return [];
        }

        try
        {
            var matches = SessionState.Path.GetResolvedProviderPathFromPSPath(AsPattern(path), out var provider);
            if (provider.Name != FileSystem)
            {
                WriteError(WmsErrors.NotInFileSystem(path));
                return [];
            }

            if (matches.Count > 0) return [.. matches.Select(SystemPaths.Normalize)];
        }
        catch (ItemNotFoundException)
        {
            // Reported below, with what to do.
        }
        catch (SessionStateException e)
        {
            WriteError(WmsErrors.DriveNotFound(path, e));
            return [];
        }
        catch (WildcardPatternException)
        {
            // An opening bracket alone is not a pattern; the error below suggests -LiteralPath.
        }

        // Of a record, the path was escaped: no pattern.
        string given = WildcardPattern.ContainsWildcardCharacters(path) ? path : WildcardPattern.Unescape(path);
        WriteError(WmsErrors.PathNotFound(given, Location));
        return [];
    }

    /// <summary>
    /// Returns a path that begins with \\?\ and has no wildcards: the question mark of the beginning is none. Null for any other path.
    /// </summary>
    private static string? LiteralOfExtended(string path) =>
        OperatingSystem.IsWindows() && path.StartsWith(Extended, StringComparison.Ordinal)
        && !WildcardPattern.ContainsWildcardCharacters(path[Extended.Length..])
            ? WildcardPattern.Unescape(path)
            : null;

    /// <summary>Returns a path with wildcards as PowerShell expands it.</summary>
    private protected string AsPattern(string path) => InFileSystem(OperatingSystem.IsWindows() ? SystemPaths.FromExtended(path) : path);

    /// <summary>
    /// Returns the path of a network share so that PowerShell takes it for one in the file system, wherever the session's location is,
    /// such as in the registry.
    /// </summary>
    private string InFileSystem(string path)
    {
        bool isShare = OperatingSystem.IsWindows() && path.StartsWith(@"\\", StringComparison.Ordinal);
        return isShare && SessionState.Path.CurrentLocation.Provider.Name != FileSystem ? $"{FileSystem}::{path}" : path;
    }

    /// <summary>
    /// Finds the file that -Model names: a file, the folder of a run, or else a name that the registry knows; without an argument, the
    /// nearest models/production.* from the session's location upward, or else Production in the registry. False after a failure, see
    /// <see cref="Fail"/>.
    /// </summary>
    private protected bool TryModelPath(string? argument, out string path)
    {
        path = "";
        if (argument is null)
        {
            path = ModelFile.Nearest(Location) ?? "";
            return path.Length > 0 || TryRegisteredModel(null, "", out path);
        }

        bool isPath = TryResolvePath(argument, out string file, out var error);
        if (isPath && System.IO.Path.Exists(file)) return TryModelFile(file, out path);
        if (IsRegistryName(argument)) return TryRegisteredModel(argument, file, out path);
        if (IsRegistryAddress(argument)) error = WmsErrors.NotAnAddress(argument); // PowerShell takes it for a drive
        Fail(error ?? WmsErrors.ModelNotFound(argument, file));
        return false;
    }

    /// <summary>Replaces the folder of a run, or of a model of MLflow, by the model file in it. False after a failure.</summary>
    private bool TryModelFile(string path, out string file)
    {
        try
        {
            file = ModelFile.Find(path);
            return true;
        }
        catch (ModelException e)
        {
            file = "";
            Fail(WmsErrors.From(e));
            return false;
        }
    }
}
