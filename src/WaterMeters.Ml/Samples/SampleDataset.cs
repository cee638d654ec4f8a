using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Samples;

/// <summary>Draws photos of water meters with exact masks, for demonstrations and tests: no photo of anybody is in them.</summary>
public static class SampleDataset
{
    /// <summary>Draws and writes the pairs <c>images/sample_0001.jpg</c>, <c>masks/sample_0001.png</c> and so on below a folder, which is made where it is not there.</summary>
    /// <param name="folder">The folder, best absolute.</param>
    /// <param name="options">How many, how large, which.</param>
    /// <param name="progress">Hears how many pairs are written, on the thread that enumerates.</param>
    /// <param name="cancellation">Stops the work; pairs already written stay, no half-written file does.</param>
    /// <returns>
    /// The pairs in order, each when it is written. Pairs are drawn on all cores, a few ahead of the one given out;
    /// nothing is drawn before the first is asked for, and giving up early stops the rest.
    /// </returns>
    /// <exception cref="SettingsException">An option is out of its range.</exception>
    /// <exception cref="DatasetException">A file is already there and <see cref="SampleOptions.Force"/> is not set, or a file cannot be written.</exception>
    public static IEnumerable<SampleFiles> Write(string folder, SampleOptions options, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Write(folder, options, Environment.ProcessorCount, progress, cancellation);

    /// <summary>The same with a number of pairs drawn at once.</summary>
    internal static IEnumerable<SampleFiles> Write(string folder, SampleOptions options, int atOnce, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        string root = Path.GetFullPath(folder);
        if (!options.Force) RefuseExisting(root, options.Count, cancellation);
        return Pairs(root, options, atOnce, progress, cancellation);
    }

    private static IEnumerable<SampleFiles> Pairs(string root, SampleOptions options, int atOnce, IProgress<int>? progress, CancellationToken cancellation)
    {
        MakeFolders(root);
        var (firstImage, firstMask) = Paths(root, 1);
        OrphanedFiles imageOrphans = OrphanedFiles.InFolderContaining(firstImage), maskOrphans = OrphanedFiles.InFolderContaining(firstMask);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new Queue<Task<SampleFiles>>();
        try
        {
            int next = 1;
            for (int written = 1; written <= options.Count; written++)
            {
                for (; next <= options.Count && running.Count < atOnce; next++)
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
            // Whoever stops early finds no file appearing behind his back.
            stop.Cancel();
            foreach (Task<SampleFiles> task in running) task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }

    private static SampleFiles WritePair(string root, int index, SampleOptions options, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        SamplePhoto photo = SamplePhoto.Draw(options.Seed, index, options.Size, stop);
        SampleMask mask = SampleMask.Draw(photo.Scene.Quad, photo.Scene.Width, photo.Scene.Height);
        stop.ThrowIfCancellationRequested();
        (string image, string maskPath) = Paths(root, index);
        // The mask first: a photo without a mask would be a defect of the set, a mask alone is only a rest.
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
            throw !force && File.Exists(path) ? Existing(path) : new DatasetException(path, $"'{path}' cannot be written: {error.Sentence()} Choose a folder that can be written to, with room on its disk.", error);
        }
    }

    internal static void MakeFolders(string root)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "images"));
            Directory.CreateDirectory(Path.Combine(root, "masks"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(root, $"The folders 'images' and 'masks' cannot be made in '{root}': {error.Sentence()} Choose another folder.", error);
        }
    }

    private static void RefuseExisting(string root, int count, CancellationToken cancellation)
    {
        for (int index = 1; index <= count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            (string image, string mask) = Paths(root, index);
            if (File.Exists(image)) throw Existing(image);
            if (File.Exists(mask)) throw Existing(mask);
        }
    }

    internal static DatasetException Existing(string path) =>
        new(path, $"'{path}' is already there. Choose an empty folder, or use -Force to replace it.");

    private static (string Image, string Mask) Paths(string root, int index)
    {
        string name = "sample_" + index.ToString("D4", CultureInfo.InvariantCulture);
        return (Path.Combine(root, "images", name + ".jpg"), Path.Combine(root, "masks", name + ".png"));
    }
}
