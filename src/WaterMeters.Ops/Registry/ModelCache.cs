using System.Text;
using System.Text.Json;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Registry;

/// <summary>
/// Models of servers in the user's cache: each is downloaded once, and the last answer about each name is kept for when the server cannot
/// be reached. Several processes can use it at the same time: an entry counts once its description is written, the last of its files.
/// </summary>
/// <param name="root">The user's cache folder (<see cref="UserFolder.Cache"/>).</param>
public sealed class ModelCache(string root)
{
    private const string Folder = "registry", Answers = "answers", Description = "entry.json";

    // Models of a hundred megabytes: those in use and a few to go back to.
    private const int Kept = 8;

    private static readonly TimeSpan KeptAnyway = TimeSpan.FromDays(7);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true,
    };

    private readonly string folder = Path.Combine(root, Folder);

    /// <summary>Returns what tells a store from others: two workspaces of one server can have models of the same name.</summary>
    public static string NameOf(ITrackingStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store is RestTrackingStore { Workspace: { } workspace } ? $"{store.Address}#{workspace}" : store.Address;
    }

    /// <summary>Returns the file of a complete model, and marks it as used; null if it is not there.</summary>
    /// <param name="key">What identifies the model: store, version, and what tells it from another one of the same number.</param>
    public string? Find(string key)
    {
        string description = Path.Combine(EntryFolder(key), Description);
        if (Read<Entry>(description) is not { File: { } file } entry) return null;
        string path = Path.GetFullPath(Path.Combine(EntryFolder(key), file));
        if (!File.Exists(path) || new FileInfo(path).Length != entry.Size) return null;
        try
        {
            File.SetLastWriteTimeUtc(description, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that others share for reading: the mark only decides what is removed first.
        }

        return path;
    }

    /// <summary>Downloads a model, checks it, and returns its file.</summary>
    /// <param name="key">See <see cref="Find"/>.</param>
    /// <param name="name">Name of the folder that it is in.</param>
    /// <param name="source">The artifacts.</param>
    /// <param name="files">The files to download, that of the model last.</param>
    /// <param name="digest">SHA-256 of the model's file; null if unknown.</param>
    /// <param name="cancellation">Stops the download.</param>
    /// <exception cref="TrackingException">
    /// A download failed; <see cref="TrackingFault.WrongDigest"/>: the file is not the one that was registered. Nothing is kept.
    /// </exception>
    public string Fill(
        string key, string name, IArtifactFolder source, IReadOnlyList<Artifact> files, string? digest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(files);
        string entry = EntryFolder(key);
        string inside = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        string relative = "", path = "";
        foreach (var file in files)
        {
            relative = Path.Combine([inside, .. file.Path.Split('/')]);
            path = Path.Combine(entry, relative);
            Create(Path.GetDirectoryName(path)!);
            source.Download(file.Path, path, cancellation);
        }

        if (digest is not null && ModelFile.Digest(path) is var found && !found.Equals(digest, StringComparison.OrdinalIgnoreCase))
        {
            HeldFile.Delete(path);
            throw new TrackingException(
                TrackingFault.WrongDigest,
                files[^1].Path,
                $"'{files[^1].Path}' in '{source.Address}' is not the file that was registered: its SHA-256 is {found}, and the registry "
                    + $"says {digest}. Nothing was kept. Try again; if it stays so, register the model again with Publish-WmsModel.");
        }

        Write(Path.Combine(entry, Description), new Entry(relative, new FileInfo(path).Length, digest));
        RemoveUnused();
        return path;
    }

    /// <summary>Keeps what a server said. A cache that cannot be written keeps nothing.</summary>
    public void Remember(ModelCacheAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            Write(AnswerFile(answer.Store, answer.Reference), answer);
        }
        catch (TrackingException)
        {
            // It only matters when the server cannot be reached later.
        }
    }

    /// <summary>Returns what a server last said about a name, if the model is still there; null otherwise.</summary>
    public ModelCacheAnswer? Recall(string store, string reference) =>
        Read<ModelCacheAnswer>(AnswerFile(store, reference)) is { Path: { } path } answer && File.Exists(path)
            && answer.Store == store && answer.Reference == reference ? answer : null;

    /// <summary>Lists what a server last said, for completion.</summary>
    public IReadOnlyList<ModelCacheAnswer> AnswersOf(string store)
    {
        string answers = Path.Combine(folder, Answers);
        if (!Directory.Exists(answers)) return [];
        return
        [
            .. Directory.EnumerateFiles(answers, "*.json").Select(Read<ModelCacheAnswer>).OfType<ModelCacheAnswer>()
                .Where(answer => answer.Store == store).OrderByDescending(answer => answer.Time),
        ];
    }

    private string EntryFolder(string key) => Path.Combine(folder, Hash(key));

    private string AnswerFile(string store, string reference) =>
        Path.Combine(folder, Answers, Hash(store + "\n" + reference) + ".json");

    private static string Hash(string text) => FileHash.ComputeBytes(Encoding.UTF8.GetBytes(text))[..16];

    /// <summary>Removes the models that were not used for longest; one that is in use elsewhere stays.</summary>
    private void RemoveUnused()
    {
        try
        {
            var entries = new DirectoryInfo(folder).EnumerateDirectories()
                .Select(entry => new FileInfo(Path.Combine(entry.FullName, Description))).Where(file => file.Exists)
                .OrderByDescending(file => file.LastWriteTimeUtc).Skip(Kept)
                .Where(file => DateTime.UtcNow - file.LastWriteTimeUtc > KeptAnyway);
            foreach (var entry in entries)
            {
                entry.Delete(); // first: without it the rest is not a model
                entry.Directory!.Delete(recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next download tries again.
        }
    }

    private static void Create(string path) => Guarded(path, () => Directory.CreateDirectory(path));

    private static void Write<T>(string path, T value)
    {
        Create(Path.GetDirectoryName(path)!);
        Guarded(path, () => AtomicFile.WriteText(path, JsonSerializer.Serialize(value, Json) + "\n"));
    }

    private static void Guarded(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrackingException(
                TrackingFault.Refused,
                path,
                $"Cannot write the cache of models, '{path}': {e.Sentence()} Free disk space, or name another folder with "
                    + $"{UserFolder.CacheVariable}.",
                e);
        }
    }

    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(HeldFile.ReadAllText(path), Json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // damaged or not there: downloaded again
        }
    }

    private sealed record Entry(string File, long Size, string? Digest);
}
