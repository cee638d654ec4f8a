using System.Security.Cryptography;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Models;

/// <summary>The model in production, models/production.*, and how another one takes its place.</summary>
public static class ProductionModel
{
    private const string Folder = "models", Name = "production";

    /// <summary>The model in production that is nearest to a folder, in it or in one above it; null when there is none.</summary>
    public static string? Nearest(string folder) => ModelFile.Nearest(folder);

    /// <summary>The file that a new model becomes: beside the nearest one in production, or models/production.safetensors in the folder itself.</summary>
    public static string FileFor(string folder) =>
        Path.Combine(Nearest(folder) is { } now ? Path.GetDirectoryName(now)! : Path.Combine(folder, Folder), Name + ModelFile.Extensions[0]);

    /// <summary>SHA-256 of the model in production that would be replaced; null when there is none.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
    public static string? DigestOf(string target) => Now(target) is not { } now ? null : Reachable(target, () => ModelFile.Digest(now));

    /// <summary>
    /// Puts a model into production: the one it replaces is kept beside as production-DIGEST, eight digits of it, and the new one is written
    /// beside and moved over. At any moment there is a whole model in production, the old one or the new one.
    /// </summary>
    /// <param name="model">The file of the new model.</param>
    /// <param name="digest">SHA-256 of that file when it passed.</param>
    /// <param name="target">The file it becomes, see <see cref="FileFor"/>.</param>
    /// <param name="replaces">SHA-256 of the model that was in production then; null when there was none.</param>
    /// <returns>Where the model is kept that was replaced; null when there was none, or it is the same.</returns>
    /// <exception cref="ModelException">A file cannot be read or written, or is another one by now.</exception>
    public static string? Publish(string model, string digest, string target, string? replaces) => Reachable(target, () =>
    {
        string? now = Now(target), nowDigest = now is null ? null : ModelFile.Digest(now);
        if (nowDigest != replaces) throw new ModelException(target, $"The model in production changed while '{model}' was compared, so '{model}' was not published as '{target}'. Compare it with the new one by Compare-WmsModel.");
        if (nowDigest == digest) return null;
        string? kept = now is null ? null : Keep(now, nowDigest!);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Copy(model, target, digest);

        // One of another format, which is kept under its digest by now.
        if (now is not null && Path.GetExtension(now) != Path.GetExtension(target)) File.Delete(now);
        return kept;
    });

    private static string? Now(string target) => ModelFile.Extensions.Select(e => Path.ChangeExtension(target, e)).FirstOrDefault(File.Exists);

    private static string Keep(string now, string digest)
    {
        string folder = Path.GetDirectoryName(now)!, extension = Path.GetExtension(now);
        string kept = Path.Combine(folder, $"{Name}-{digest[..8]}{extension}");
        if (File.Exists(kept) && ModelFile.Digest(kept) != digest) kept = Path.Combine(folder, $"{Name}-{digest}{extension}");
        if (!File.Exists(kept)) Copy(now, kept, digest);
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

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != digest) throw new ModelException(from, $"'{from}' is another file than the one that was compared, so nothing was published. Compare it again with Compare-WmsModel.");
        });
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static T Reachable<T>(string target, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(target, $"'{target}' cannot be published: {e.Sentence()} Make room or mend the permissions; what was trained is in its run's folder.", e);
        }
    }
}
