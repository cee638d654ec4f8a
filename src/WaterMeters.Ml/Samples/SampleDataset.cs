using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Samples;

/// <summary>One pair that was drawn and written.</summary>
/// <param name="Index">Its number, from 1.</param>
/// <param name="ImagePath">Absolute path of the photo, a JPEG file.</param>
/// <param name="MaskPath">Absolute path of the mask, an 8-bit grey PNG file of 0 and 255 only.</param>
/// <param name="Width">Width of both, in pixels.</param>
/// <param name="Height">Height of both, in pixels.</param>
/// <param name="Coverage">Fraction of the mask that is foreground, 0..1.</param>
public sealed record SampleFiles(int Index, string ImagePath, string MaskPath, int Width, int Height, double Coverage);

/// <summary>Draws photos of water meters with exact masks, for demonstrations and tests, without using real photos.</summary>
public static class SampleDataset
{
    /// <summary>
    /// Draws and writes the pairs <c>images/sample_0001.jpg</c>, <c>masks/sample_0001.png</c> and so on in a folder, which is created if
    /// necessary.
    /// </summary>
    /// <param name="folder">The folder, preferably absolute.</param>
    /// <param name="options">Number, size and seed of the pairs.</param>
    /// <param name="progress">Called with the number of pairs written, on the enumerating thread.</param>
    /// <param name="cancellation">Stops the work; complete pairs stay, partially written files do not.</param>
    /// <returns>
    /// The pairs in order, each after it is written. Pairs are drawn on all cores, a few ahead of the enumeration; drawing starts with
    /// the enumeration and stops with it.
    /// </returns>
    /// <exception cref="SettingsException">An option is out of range.</exception>
    /// <exception cref="DatasetException">
    /// A file already exists and <see cref="SampleOptions.Force"/> is not set, or a file cannot be written.
    /// </exception>
    public static IEnumerable<SampleFiles> Write(
        string folder, SampleOptions options, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Write(folder, options, Environment.ProcessorCount, progress, cancellation);

    /// <summary>Does the same with at most <paramref name="parallelism"/> pairs drawn at the same time.</summary>
    internal static IEnumerable<SampleFiles> Write(
        string folder, SampleOptions options, int parallelism, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string root = Path.GetFullPath(folder);
        if (!options.Force) ThrowIfAnyExists(root, options.Count, cancellation);
        return DrawPairs(root, options, parallelism, progress, cancellation);
    }

    private static IEnumerable<SampleFiles> DrawPairs(
        string root, SampleOptions options, int parallelism, IProgress<int>? progress, CancellationToken cancellation)
    {
        CreateFolders(root);
        var (firstImage, firstMask) = Paths(root, 1);
        OrphanedFiles imageOrphans = OrphanedFiles.InFolderContaining(firstImage);
        OrphanedFiles maskOrphans = OrphanedFiles.InFolderContaining(firstMask);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new Queue<Task<SampleFiles>>();
        try
        {
            int next = 1;
            for (int written = 1; written <= options.Count; written++)
            {
                for (; next <= options.Count && running.Count < parallelism; next++)
                {
                    int index = next;
                    var (image, mask) = Paths(root, index);
                    imageOrphans.Remove(image);
                    maskOrphans.Remove(mask);
                    running.Enqueue(Task.Run(() => WritePair(root, index, options, stop.Token), stop.Token));
                }
                SampleFiles files = running.Peek().GetAwaiter().GetResult();
                running.Dequeue();
                progress?.Report(written);
                yield return files;
            }
        }
        finally
        {
            // Wait for running tasks, so that no file appears after an enumeration that stopped early.
            stop.Cancel();
            foreach (Task<SampleFiles> task in running)
            {
                task.ContinueWith(
                    static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                    .Wait(CancellationToken.None);
            }
        }
    }

    private static SampleFiles WritePair(string root, int index, SampleOptions options, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        SamplePhoto photo = SamplePhoto.Draw(options.Seed, index, options.Size, stop);
        SampleMask mask = SampleMask.Draw(photo.Scene.Quad, photo.Scene.Width, photo.Scene.Height);
        stop.ThrowIfCancellationRequested();
        (string image, string maskPath) = Paths(root, index);
        // The mask first: if the photo is missing after an interruption, only a leftover mask remains.
        WriteFile(maskPath, mask.EncodePng(), options.Force);
        WriteFile(image, photo.Jpeg, options.Force);
        return new SampleFiles(index, image, maskPath, mask.Width, mask.Height, mask.Coverage);
    }

    internal static void WriteFile(string path, byte[] content, bool force)
    {
        try
        {
            AtomicFile.WriteUnflushed(path, content, overwrite: force);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!force && File.Exists(path)) throw AlreadyExists(path);
            throw new DatasetException(
                path, $"Cannot write '{path}': {error.Sentence()} Choose a writable folder on a disk with enough free space.", error);
        }
    }

    internal static void CreateFolders(string root)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "images"));
            Directory.CreateDirectory(Path.Combine(root, "masks"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                root, $"Cannot create the folders 'images' and 'masks' in '{root}': {error.Sentence()} Choose another folder.", error);
        }
    }

    private static void ThrowIfAnyExists(string root, int count, CancellationToken cancellation)
    {
        for (int index = 1; index <= count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            (string image, string mask) = Paths(root, index);
            if (File.Exists(image)) throw AlreadyExists(image);
            if (File.Exists(mask)) throw AlreadyExists(mask);
        }
    }

    internal static DatasetException AlreadyExists(string path) =>
        new(path, $"'{path}' already exists. Use -Force to replace it, or choose an empty folder.");

    private static (string Image, string Mask) Paths(string root, int index)
    {
        string name = "sample_" + index.ToString("D4", CultureInfo.InvariantCulture);
        return (Path.Combine(root, "images", name + ".jpg"), Path.Combine(root, "masks", name + ".png"));
    }
}
