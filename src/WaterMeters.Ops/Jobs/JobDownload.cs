using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Jobs;

/// <summary>Downloads the files of a run: beside their folder first, then, when all are complete, into it.</summary>
/// <param name="store">The objects of the job.</param>
/// <param name="output">The run folder.</param>
internal sealed class JobDownload(JobStore store, string output)
{
    private const int Chunk = 4 << 20;

    /// <summary>Downloads the files. What is there already from a call that was interrupted is not fetched again.</summary>
    /// <param name="files">The files.</param>
    /// <param name="report">Called with the bytes so far, and all.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">A file is missing, or is not the one that the machine sent.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Run(IReadOnlyList<JobFile> files, Action<long, long> report, CancellationToken stop)
    {
        string beside = $"{Path.TrimEndingDirectorySeparator(output)}.part";
        long all = files.Sum(file => file.Bytes), done = 0;
        Directory.CreateDirectory(beside);
        foreach (var file in files)
        {
            string path = Inside(beside, file);
            if (!File.Exists(path) || new FileInfo(path).Length != file.Bytes || FileHash.Compute(path) != file.Sha256)
            {
                Fetch(file, path, bytes => report(done + bytes, all), stop);
            }

            done += file.Bytes;
            report(done, all);
        }

        stop.ThrowIfCancellationRequested();
        foreach (var file in files.OrderBy(file => file.Name == "model.safetensors")) // a model is there when the rest is
        {
            string target = Inside(output, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            HeldFile.Move(Inside(beside, file), target, overwrite: true);
        }

        Directory.Delete(beside, recursive: true);
    }

    private void Fetch(JobFile file, string path, Action<long> report, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string name = JobStore.Output + file.Name;
        using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            while (stream.Length < file.Bytes)
            {
                stream.Write(store.ReadRange(name, stream.Length, (int)Math.Min(Chunk, file.Bytes - stream.Length), stop));
                report(stream.Length);
            }

            stream.Flush(flushToDisk: true);
        }

        if (FileHash.Compute(path) == file.Sha256) return;
        throw new InfrastructureException(InfrastructureFault.JobUnusable, store.Address(name),
            $"'{store.Address(name)}' is not the file that the machine sent: its SHA-256 differs. Start the training again with another "
            + "-RunId.");
    }

    private string Inside(string folder, JobFile file) => JobFolder.Inside(folder, file.Name)
        ?? throw new InfrastructureException(InfrastructureFault.JobUnusable, store.Address(JobStore.Result),
            $"'{file.Name}' in '{store.Address(JobStore.Result)}' leads out of its folder. Check who writes to the bucket.");
}
