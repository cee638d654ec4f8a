using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Terraform;

/// <summary>
/// The files of infra/ of this module. They are copied into the user's repository: there belongs the lock file of the providers, and an
/// update of the module must not change a machine by itself.
/// </summary>
/// <param name="source">Absolute path of the folder infra of the module.</param>
public sealed class TerraformFiles(string source)
{
    /// <summary>The folder with the files for terraform, in the copy.</summary>
    public const string Subfolder = "terraform";

    /// <summary>Whether a folder has files for terraform; variables alone are none.</summary>
    public static bool AreIn(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.tf").Any();

    /// <summary>Copies the files; one that is there already is left alone.</summary>
    /// <param name="destination">Absolute path of the folder infra to write.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public void CopyTo(string destination, CancellationToken cancellation)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            string target = Path.Combine(destination, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (!File.Exists(target)) AtomicFile.WriteUnflushed(target, HeldFile.ReadAllBytes(file), overwrite: false);
        }
    }
}
