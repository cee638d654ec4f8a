using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

// Paths, as the session sees them, and the files that -Model names.
public abstract partial class WmsCmdlet
{
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
            error = WmsErrors.PathNotFound("");
            return false;
        }

        try
        {
            // Without a separator at the end, as Tab adds it: files beside a folder are named by the folder's name and a suffix.
            absolute = System.IO.Path.TrimEndingDirectorySeparator(
                SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _));
            if (provider.Name != "FileSystem" || absolute.Contains('\0', StringComparison.Ordinal)) error = WmsErrors.NotInFileSystem(path);
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
            WriteError(WmsErrors.PathNotFound(""));
            return [];
        }

        try
        {
            var matches = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            if (provider.Name != "FileSystem")
            {
                WriteError(WmsErrors.NotInFileSystem(path));
                return [];
            }

            if (matches.Count > 0) return matches;
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
        WriteError(WmsErrors.PathNotFound(WildcardPattern.ContainsWildcardCharacters(path) ? path : WildcardPattern.Unescape(path)));
        return [];
    }

    /// <summary>
    /// Finds the file that -Model names, which can be the folder of a run, or, without an argument, the nearest models/production.* from
    /// the session's location upward. False after a failure, see <see cref="Fail"/>.
    /// </summary>
    private protected bool TryModelPath(string? argument, out string path)
    {
        path = "";
        if (argument is null)
        {
            path = ModelFile.Nearest(Location) ?? "";
            if (path.Length == 0) Fail(WmsErrors.NoModel(Location));
        }
        else if (RegistryName.Matches(argument) && !(TryResolvePath(argument, out path, out _) && System.IO.Path.Exists(path)))
        {
            Fail(WmsErrors.NoRegistry(argument));
            path = "";
        }
        else if (!TryResolvePath(argument, out path, out var error))
        {
            Fail(error);
            path = "";
        }
        else if (!System.IO.Path.Exists(path))
        {
            Fail(WmsErrors.ModelNotFound(argument, path));
            path = "";
        }

        return path.Length > 0 && TryModelFile(ref path);
    }

    /// <summary>Replaces the folder of a run, or of a model of MLflow, by the model file in it. False after a failure.</summary>
    private bool TryModelFile(ref string path)
    {
        try
        {
            path = ModelFile.Find(path);
            return true;
        }
        catch (ModelException e)
        {
            path = "";
            Fail(WmsErrors.From(e));
            return false;
        }
    }
}
