using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Inference;

/// <summary>Which files the photos of one call are written to; no two of them to the same one.</summary>
internal sealed class OutputNames(PredictionOptions options)
{
    // Windows and macOS do not tell names apart by case, so a folder that may be copied there must not rely on it.
    private readonly Dictionary<string, string> taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly OrphanedFiles? orphans = options.OutputPath is { } folder ? OrphanedFiles.InFolderContaining(Path.Combine(folder, "mask.png")) : null;

    /// <summary>The mask's file for a photo; null when no masks are written.</summary>
    /// <exception cref="PhotoException">Another photo of this call has that name, or the file is there already.</exception>
    public string? Mask(string imagePath, out bool skip)
    {
        skip = false;
        if (options.OutputPath is null) return null;
        string file = Path.Combine(options.OutputPath, Path.GetFileNameWithoutExtension(imagePath) + ".png");
        if (!taken.TryAdd(file, imagePath))
        {
            throw new PhotoException(imagePath, $"'{imagePath}' and '{taken[file]}' would both be written to '{file}'. Predict them in two calls with two output folders, or rename one.");
        }

        orphans?.Remove(file);
        orphans?.Remove(Overlay(file));
        if (string.Equals(Path.GetFullPath(file), Path.GetFullPath(imagePath), StringComparison.OrdinalIgnoreCase))
        {
            throw new PhotoException(imagePath, $"The mask of '{imagePath}' would replace the photo itself. Name another -OutputPath.");
        }

        // a.jpg's mask is called as the photo a.png is: replacing what lies there could cost a photo.
        if (options.Force && string.Equals(Path.GetDirectoryName(Path.GetFullPath(file)), Path.GetDirectoryName(Path.GetFullPath(imagePath)), StringComparison.OrdinalIgnoreCase))
        {
            throw new PhotoException(imagePath, $"The mask of '{imagePath}' would lie among the photos, where -Force could replace one. Name another -OutputPath.");
        }

        if (File.Exists(file) && !options.Force)
        {
            if (options.SkipExisting)
            {
                skip = true;
                return file;
            }

            throw new PhotoException(imagePath, $"'{file}' is there already. Use -Force to replace it, or -SkipExisting to leave it.");
        }

        // A broken run may have left an overlay without its mask, which comes last: taking up again writes both anew.
        if (options.Overlay && !options.Force && !options.SkipExisting && File.Exists(Overlay(file)))
        {
            throw new PhotoException(imagePath, $"'{Overlay(file)}' is there already. Use -Force to replace it, or name another -OutputPath.");
        }

        return file;
    }

    /// <summary>The overlay's file beside a mask.</summary>
    public static string Overlay(string maskPath) =>
        Path.Combine(Path.GetDirectoryName(maskPath)!, Path.GetFileNameWithoutExtension(maskPath) + ".overlay.jpg");
}
