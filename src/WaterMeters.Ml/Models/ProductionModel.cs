using System.Security.Cryptography;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Models;

/// <summary>The model in production, models/production.*, and its replacement.</summary>
public static class ProductionModel
{
    private const string Folder = "models", Name = "production";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Finds the nearest production model, in a folder or above it; null when there is none.</summary>
    public static string? Nearest(string folder) => ModelFile.Nearest(folder);

    /// <summary>
    /// Returns the file for a new production model: next to the nearest one, else models/production.safetensors in the folder.
    /// </summary>
    public static string FileFor(string folder) =>
        Path.Combine(
            Nearest(folder) is { } current ? Path.GetDirectoryName(current)! : Path.Combine(folder, Folder),
            Name + ModelFile.Extensions[0]);

    /// <summary>Computes the SHA-256 of the production model that would be replaced; null when there is none.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
    public static string? CurrentDigest(string target) =>
        Current(target) is not { } current ? null : WithModelErrors(target, () => ModelFile.Digest(current));

    /// <summary>
    /// Puts a model into production. The replaced model is kept as production-DIGEST, with eight digits of its hash, and the new one is
    /// written to a temporary file and moved over it. At any moment there is a complete model in production, the old or the new one.
    /// </summary>
    /// <param name="model">The file of the new model.</param>
    /// <param name="digest">The SHA-256 of that file when it passed the gate.</param>
    /// <param name="target">The production file, see <see cref="FileFor"/>.</param>
    /// <param name="replaces">The SHA-256 of the production model at that time; null when there was none.</param>
    /// <returns>The file of the replaced model; null when there was none, or the new one is the same.</returns>
    /// <exception cref="ModelException">
    /// A file cannot be read or written, or has changed since the comparison, or another process is publishing too.
    /// </exception>
    public static string? Publish(string model, string digest, string target, string? replaces) => WithModelErrors(target, () =>
    {
        using var taken = Lock(model, target);
        string? current = Current(target), currentDigest = current is null ? null : ModelFile.Digest(current);
        if (currentDigest != replaces)
        {
            throw new ModelException(target,
                $"'{model}' was not published as '{target}': the model in production changed while they were being compared. " +
                "Compare it with the new one, with Compare-WmsModel.");
        }

        if (currentDigest == digest) return null;
        string? kept = current is null ? null : Keep(current, ModelFile.FileDigest(current));
        Copy(model, target, digest);

        // A replaced model of another format has its own extension; its copy is kept under its digest.
        if (current is not null && Path.GetExtension(current) != Path.GetExtension(target)) HeldFile.Delete(current);
        return kept;
    });

    /// <summary>
    /// Puts a model into production that was chosen elsewhere, whatever is there. As with <see cref="Publish"/>, what it replaces is kept,
    /// and so is any production model of another format, which could otherwise be found first.
    /// </summary>
    /// <param name="model">The file of the new model.</param>
    /// <param name="digest">The SHA-256 of that file.</param>
    /// <param name="target">The production file, with the extension of the model's format.</param>
    /// <returns>The file of the replaced model; null when there was none, or the new one is the same.</returns>
    /// <exception cref="ModelException">A file cannot be read or written, or another process is publishing too.</exception>
    public static string? Replace(string model, string digest, string target) => WithModelErrors(
        target,
        () =>
        {
            using var taken = Lock(model, target);
            bool isNew = !File.Exists(target) || ModelFile.FileDigest(target) != digest;
            string[] others =
            [
                .. ModelFile.Extensions.Select(e => Path.ChangeExtension(target, e)).Where(f => f != target && File.Exists(f)),
            ];
            string[] kept = [.. others.Prepend(target).Where(f => File.Exists(f) && (isNew || f != target))
                .Select(f => Keep(f, ModelFile.FileDigest(f)))];
            if (isNew) Copy(model, target, digest);
            foreach (string other in others) HeldFile.Delete(other);
            return kept.FirstOrDefault();
        },
        "Then try again; until then the model from before stays in production.");

    /// <summary>Takes the folder, in which no one else may publish between the comparison with what is there and its replacement.</summary>
    private static FileLock Lock(string model, string target)
    {
        string folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        return FileLock.Take(Path.Combine(folder, Name + ".lock"), Patience) ?? throw new ModelException(target,
            $"'{model}' was not published as '{target}': another process is publishing there. Try again when it has finished.");
    }

    private static string? Current(string target) =>
        ModelFile.Extensions.Select(e => Path.ChangeExtension(target, e)).FirstOrDefault(File.Exists);

    private static string Keep(string current, string digest)
    {
        string folder = Path.GetDirectoryName(current)!, extension = Path.GetExtension(current);
        string kept = Path.Combine(folder, $"{Name}-{digest[..8]}{extension}");
        if (File.Exists(kept) && ModelFile.FileDigest(kept) != digest) kept = Path.Combine(folder, $"{Name}-{digest}{extension}");
        if (!File.Exists(kept)) Copy(current, kept, digest);
        return kept;
    }

    private static void Copy(string from, string to, string digest)
    {
        using var source = Open(from);
        AtomicFile.Write(to, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] chunk = new byte[1 << 16];
            for (int read; (read = source.Read(chunk)) > 0;)
            {
                hash.AppendData(chunk, 0, read);
                stream.Write(chunk, 0, read);
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) == digest) return;
            throw new ModelException(from,
                $"Nothing was published: '{from}' changed after the comparison. Compare it again with Compare-WmsModel.");
        });
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static T WithModelErrors<T>(
        string target, Func<T> work, string advice = "The trained model is still in its run folder.")
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(target,
                $"Cannot publish '{target}': {e.Sentence()} Free disk space, or fix its permissions. {advice}", e);
        }
    }
}
