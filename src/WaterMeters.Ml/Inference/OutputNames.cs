using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Inference;

/// <summary>Assigns the output files of the photos of one call; no two photos get the same one.</summary>
internal sealed class OutputNames(PredictionOptions options)
{
    // Names that differ only in case are the same on Windows and macOS, and the folder may be copied there.
    private readonly Dictionary<string, string> taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Photos, string Output), bool> folders = [];
    private readonly OrphanedFiles? orphans =
        options.OutputPath is { } folder ? OrphanedFiles.InFolderContaining(Path.Combine(folder, "mask.png")) : null;

    private readonly OrphanedFiles? cropOrphans =
        options.CropPath is { } crops ? OrphanedFiles.InFolderContaining(Path.Combine(crops, "window.jpg")) : null;

    /// <summary>Returns the mask file of a photo; null when no masks are written.</summary>
    /// <param name="imagePath">The photo.</param>
    /// <param name="skip">Whether to skip the photo, because its mask exists.</param>
    /// <exception cref="PhotoException">Another photo of this call has the same mask file, or the file exists already.</exception>
    public string? Mask(string imagePath, out bool skip)
    {
        skip = false;
        if (options.OutputPath is null) return null;
        string file = Path.Combine(options.OutputPath, Path.GetFileNameWithoutExtension(imagePath) + ".png");
        if (!taken.TryAdd(file, imagePath))
        {
            throw new PhotoException(
                imagePath,
                $"The masks of '{imagePath}' and '{taken[file]}' would both be '{file}'. " +
                "Rename one photo, or predict them in two calls with different -OutputPath.");
        }

        orphans?.Remove(file);
        orphans?.Remove(Overlay(file));
        if (FileIdentity.IsSame(file, imagePath))
        {
            throw new PhotoException(imagePath, $"The mask of '{imagePath}' would replace the photo itself. Choose another -OutputPath.");
        }

        // The mask of a.jpg has the name of a photo a.png: with -Force it could replace that photo.
        if (options.Force && IsFolderOf(imagePath, options.OutputPath))
        {
            throw new PhotoException(
                imagePath,
                $"The mask of '{imagePath}' would be written into the folder of the photos, where -Force could replace a photo. " +
                "Choose another -OutputPath.");
        }

        // Nor does it replace a photo of another folder, which the call may still have to read.
        if (options.Force && File.Exists(file) && !LooksLikeMask(file))
        {
            throw new PhotoException(
                imagePath, $"'{file}' is not a mask: its pixels have colours or transparency. Choose another -OutputPath, or remove it.");
        }

        // Overlays are JPEG files, which the next call would take for photos, and one could replace a photo.
        if (options.Overlay && IsFolderOf(imagePath, options.OutputPath))
        {
            throw new PhotoException(
                imagePath,
                $"The overlay of '{imagePath}' would be written into the folder of the photos, and be taken for one. "
                    + "Choose another -OutputPath.");
        }

        if (File.Exists(file) && !options.Force)
        {
            if (options.SkipExisting)
            {
                skip = true;
                return file;
            }

            throw new MaskExistsException(
                imagePath, $"'{file}' already exists. Use -Force to replace it, or -SkipExisting to keep it.", [file]);
        }

        // An interrupted call can leave an overlay without its mask, which is written last; -SkipExisting writes both again.
        if (options.Overlay && !options.Force && !options.SkipExisting && File.Exists(Overlay(file)))
        {
            throw new PhotoException(
                imagePath, $"'{Overlay(file)}' already exists. Use -Force to replace it, or choose another -OutputPath.");
        }

        return file;
    }

    /// <summary>
    /// Returns the file of a photo's window; null when none is written. Call it after <see cref="Mask"/>.
    /// </summary>
    /// <param name="imagePath">The photo.</param>
    /// <param name="skip">Whether to skip the photo, because its window exists and no masks are written.</param>
    /// <exception cref="PhotoException">
    /// Another photo of this call has the same file; the file exists already; or the folder is that of the photo.
    /// </exception>
    public string? Crop(string imagePath, out bool skip)
    {
        skip = false;
        if (options.CropPath is null) return null;
        string extension = options.CropFormat == CropFormat.Png ? ".window.png" : ".window.jpg";
        string file = Path.Combine(options.CropPath, Path.GetFileNameWithoutExtension(imagePath) + extension);
        if (!taken.TryAdd(file, imagePath))
        {
            throw new PhotoException(
                imagePath,
                $"Files of '{imagePath}' and '{taken[file]}' would both be '{file}'. " +
                "Rename one photo, or predict them in two calls with different -CropPath.");
        }

        // The windows are JPEG files: there, the next call would take them for photos, and -Force could replace a photo.
        if (IsFolderOf(imagePath, options.CropPath))
        {
            throw new PhotoException(
                imagePath,
                $"The window of '{imagePath}' would be written into the folder of the photos, and be taken for one. "
                    + "Choose another -CropPath.");
        }

        cropOrphans?.Remove(file);

        // With masks, a mask that is missing means that the window, written before it, may be of an interrupted call.
        if (options.Force || !File.Exists(file) || (options.SkipExisting && options.OutputPath is not null)) return file;
        skip = options.SkipExisting;
        return skip ? file : throw new MaskExistsException(
            imagePath, $"'{file}' already exists. Use -Force to replace it, or -SkipExisting to keep it.", [file]);
    }

    /// <summary>Returns the overlay file beside a mask.</summary>
    public static string Overlay(string maskPath) =>
        Path.Combine(Path.GetDirectoryName(maskPath)!, Path.GetFileNameWithoutExtension(maskPath) + ".overlay.jpg");

    // A file that cannot be read is nothing that anyone needs.
    private static bool LooksLikeMask(string path)
    {
        try
        {
            return ImageReader.ReadHeader(path) is { Format: ImageFormat.Png, IsColour: false, HasAlpha: false, BitDepth: <= 8 };
        }
        catch (PhotoException)
        {
            return true;
        }
    }

    // Compared as folders, not as words: the output folder may be a link to the folder of the photos. Each folder is asked for once.
    private bool IsFolderOf(string imagePath, string outputFolder)
    {
        var pair = (Path.GetDirectoryName(Path.GetFullPath(imagePath)) ?? "", outputFolder);
        if (!folders.TryGetValue(pair, out bool isSame))
        {
            folders.Add(pair, isSame = FileIdentity.IsSame(outputFolder, pair.Item1));
        }

        return isSame;
    }
}
