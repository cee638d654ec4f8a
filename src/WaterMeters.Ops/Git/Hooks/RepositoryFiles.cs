using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ops.Git.Hooks;

/// <summary>
/// The folders and files of a repository around a data set. What is there is kept; lines that are missing in a list of git are added.
/// </summary>
/// <param name="top">Absolute path of the top folder of the repository.</param>
/// <param name="workflows">Absolute path of the module's folder of workflow files.</param>
public sealed class RepositoryFiles(string top, string workflows)
{
    private const string DefaultData = "data/training";

    private static readonly string[] Ignored =
    [
        "/runs/", "/mlruns/", "/mlflow.db", "/photos_to_predict/", "/.dvc/cache/", "/.dvc/tmp/", "/.dvc/config.local",
    ];

    private static readonly string[] Attributes =
    [
        "*.jpg binary", "*.jpeg binary", "*.jfif binary", "*.png binary", "*.webp binary", "*.safetensors binary",
        "*.dvc text eol=lf", "wms.yaml text eol=lf",
    ];

    /// <summary>Returns the steps that set up the repository, in order. Nothing is written before a step is run.</summary>
    /// <param name="replaces">Whether workflow files with other content are replaced.</param>
    /// <exception cref="SettingsException">The wms.yaml of the repository cannot be used.</exception>
    public IEnumerable<RepositoryStep> Steps(bool replaces)
    {
        yield return Settings();
        string data = DataPrefixes.Read(top) is [var prefix, ..] ? prefix : DefaultData;
        yield return Folder($"{data}/images", "Photos to train with.");
        yield return Folder($"{data}/masks", "Their masks, with the same names.");
        yield return Folder("models", "The model in production.");
        yield return Lines(".gitignore", Ignored, line => line.Trim('/'), "What git leaves out.");
        yield return Lines(".gitattributes", Attributes, line => line.Split(' ', '\t')[0], "How git stores photos and settings.");
        foreach (string file in Directory.EnumerateFiles(workflows, "*.yml").Order(StringComparer.Ordinal))
        {
            yield return Workflow(file, replaces);
        }
    }

    private RepositoryStep Settings()
    {
        string path = PathOf(SettingsFile.Name);
        return File.Exists(path)
            ? Done(SettingsFile.Name, RepositoryItemOutcome.Kept, "Your settings.")
            : new RepositoryStep(
                Item(SettingsFile.Name, RepositoryItemOutcome.Created, "Settings of the cmdlets and of the hook."),
                () => AtomicFile.WriteText(path, RepositoryTexts.Settings(DefaultData)));
    }

    private RepositoryStep Folder(string name, string detail)
    {
        string path = PathOf(name);
        return Directory.Exists(path)
            ? Done(name, RepositoryItemOutcome.Unchanged, detail)
            : new RepositoryStep(Item(name, RepositoryItemOutcome.Created, detail), () => Directory.CreateDirectory(path));
    }

    /// <summary>Adds the lines that a file does not have; those of the user stay as they are, byte for byte, and win.</summary>
    private RepositoryStep Lines(string name, string[] wanted, Func<string, string> key, string detail)
    {
        string path = PathOf(name);
        byte[] old = File.Exists(path) ? HeldFile.ReadAllBytes(path) : [];
        string text = Encoding.UTF8.GetString(old);
        var present = text.Split('\n').Select(line => key(line.Trim())).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. wanted.Where(line => !present.Contains(key(line)))];
        if (missing.Length == 0) return Done(name, RepositoryItemOutcome.Unchanged, detail);
        string end = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var added = new StringBuilder();
        if (old.Length > 0 && old[^1] != '\n') added.Append(end);
        if (old.Length > 0) added.Append(end);
        added.Append("# WaterMeters").Append(end);
        foreach (string line in missing) added.Append(line).Append(end);
        byte[] content = [.. old, .. Encoding.UTF8.GetBytes(added.ToString())];
        var outcome = old.Length > 0 ? RepositoryItemOutcome.Updated : RepositoryItemOutcome.Created;
        string what = old.Length > 0 ? $"Added: {string.Join(", ", missing)}." : detail;
        return new RepositoryStep(Item(name, outcome, what), () => AtomicFile.Write(path, stream => stream.Write(content)));
    }

    private RepositoryStep Workflow(string source, bool replaces)
    {
        string name = $".github/workflows/{Path.GetFileName(source)}";
        string path = PathOf(name);
        byte[] content = HeldFile.ReadAllBytes(source);
        const string Detail = "A workflow of GitHub Actions.";
        if (File.Exists(path))
        {
            if (IsSameText(HeldFile.ReadAllBytes(path), content)) return Done(name, RepositoryItemOutcome.Unchanged, Detail);
            if (!replaces) return Done(name, RepositoryItemOutcome.Kept, "It differs from that of the module; -Force replaces it.");
        }

        var outcome = File.Exists(path) ? RepositoryItemOutcome.Updated : RepositoryItemOutcome.Created;
        return new RepositoryStep(Item(name, outcome, Detail), () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(content));
        });
    }

    /// <summary>git may have changed the ends of lines.</summary>
    private static bool IsSameText(byte[] one, byte[] other) => one.Where(b => b != '\r').SequenceEqual(other.Where(b => b != '\r'));

    private RepositoryStep Done(string name, RepositoryItemOutcome outcome, string detail) => new(Item(name, outcome, detail), null);

    private RepositoryItem Item(string name, RepositoryItemOutcome outcome, string detail) =>
        new() { Outcome = outcome, Name = name, Path = PathOf(name), Detail = detail };

    private string PathOf(string name) => Path.GetFullPath(name, top);
}
