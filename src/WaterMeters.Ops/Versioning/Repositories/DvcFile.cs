using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Settings;
using WaterMeters.Ops.Versioning.Contents;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>
/// A .dvc file. When it is changed, only the hash and the sizes of one output are: comments, unknown fields and the order of lines stay.
/// </summary>
internal sealed class DvcFile
{
    /// <summary>What the name of such a file ends with.</summary>
    public const string Extension = ".dvc";

    private const string ConflictMark = "<<<<<<< ";

    private readonly string text;
    private readonly IReadOnlyList<(DvcOutput Output, YamlMappingNode Node)> outputs;

    private DvcFile(string path, string text, IReadOnlyList<(DvcOutput, YamlMappingNode)> outputs) =>
        (Path, this.text, this.outputs) = (path, text, outputs);

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The files and folders that it describes.</summary>
    public IEnumerable<DvcOutput> Outputs => outputs.Select(o => o.Output);

    /// <summary>Returns the path of the .dvc file of a file or folder.</summary>
    public static string PathFor(string path) => path + Extension;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DatasetVersionException"><see cref="DatasetVersionFault.Unusable"/>: it is not one of DVC.</exception>
    public static DvcFile Read(string path) => Parse(path, VersionErrors.ReadText(path), path);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="path">Absolute path of the file, which the paths in it are relative to.</param>
    /// <param name="text">The text.</param>
    /// <param name="source">Where the text is from, for errors.</param>
    /// <exception cref="DatasetVersionException"><see cref="DatasetVersionFault.Unusable"/>: it is not one of DVC.</exception>
    public static DvcFile Parse(string path, string text, string source)
    {
        if (text.StartsWith(ConflictMark, StringComparison.Ordinal) || text.Contains('\n' + ConflictMark, StringComparison.Ordinal))
        {
            throw VersionErrors.Unusable(source,
                $"'{source}' has a conflict of git: both branches have published a version. Take the file of one branch "
                + "(`git checkout --ours` or `--theirs`), and add the files of the other with Publish-WmsDataset -Add "
                + "(about_WaterMeters_Versions).");
        }

        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(YamlText.Check(text)));
            if (yaml.Documents is not [{ RootNode: YamlMappingNode root }] || Child(root, "outs") is not YamlSequenceNode outs)
            {
                throw new InvalidDataException("It has no list 'outs'.");
            }

            string folder = System.IO.Path.GetFullPath(Text(root, "wdir") ?? ".", System.IO.Path.GetDirectoryName(path)!);
            return new DvcFile(path, text, [.. outs.Select(node => Read(node, folder))]);
        }
        catch (Exception e) when (e is YamlException or InvalidDataException or ArgumentException)
        {
            throw VersionErrors.Unusable(source,
                $"'{source}' is not a .dvc file that can be used: {e.Sentence()} Correct it, or take it from git again.", e);
        }
    }

    /// <summary>Returns what the file says of a file or folder; null if nothing.</summary>
    public DvcOutput? Find(string path) => Outputs.FirstOrDefault(output => SystemPaths.Comparer.Equals(output.Path, path));

    /// <summary>Returns the text of a new file.</summary>
    /// <param name="name">Name of the file or folder, which is beside it.</param>
    /// <param name="output">Its hash and sizes.</param>
    public static string TextOf(string name, DvcOutput output)
    {
        string files = output.Id!.Value.IsListing ? Line("  nfiles", output.Files!.Value) : "";
        string executable = output.IsExecutable ? "  isexec: true\n" : "";
        return $"outs:\n- md5: {output.Id}\n{Line("  size", output.Size!.Value)}{files}{executable}  hash: md5\n  path: {Scalar(name)}\n";
    }

    /// <summary>Returns the text with another hash and other sizes of one output, which is then in the layout of DVC 3.</summary>
    public string TextWith(DvcOutput output)
    {
        var node = outputs.First(o => SystemPaths.Comparer.Equals(o.Output.Path, output.Path)).Node;
        if (node.Style == MappingStyle.Flow)
        {
            throw VersionErrors.Unusable(Path, $"'{Path}' has an output in braces. Write one key a line, as DVC does.");
        }

        var edits = new List<(int Start, int Length, string Text)>();
        string end = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        int insertAt = -1;
        Set("md5", output.Id.ToString()!);
        Set("size", output.Size!.Value.ToString(CultureInfo.InvariantCulture));
        if (output.Id!.Value.IsListing) Set("nfiles", output.Files!.Value.ToString(CultureInfo.InvariantCulture));
        Set("hash", "md5");
        string changed = text;
        foreach (var (start, length, replacement) in edits.Select((edit, i) => (edit, i)).OrderByDescending(e => e.edit.Start)
            .ThenByDescending(e => e.i).Select(e => e.edit))
        {
            changed = changed.Remove(start, length).Insert(start, replacement);
        }

        return changed;

        void Set(string key, string value)
        {
            if (node.Children.FirstOrDefault(c => c.Key is YamlScalarNode k && k.Value == key) is { Value: YamlScalarNode old })
            {
                int start = (int)old.Start.Index;
                string written = old.Value ?? "";
                int length = string.CompareOrdinal(text, start, written, 0, written.Length) == 0 ? written.Length
                    : (int)old.End.Index - start;
                edits.Add((start, length, value));
                insertAt = EndOfLine(start);
                return;
            }

            // After the key before it; if there is none, after the first line of the output.
            if (insertAt < 0) insertAt = EndOfLine((int)node.Start.Index);
            string indent = new(' ', (int)node.Children.First().Key.Start.Column - 1);
            bool endsText = insertAt == text.Length && !text.EndsWith('\n');
            edits.Add((insertAt, 0, endsText ? $"{end}{indent}{key}: {value}" : $"{indent}{key}: {value}{end}"));
        }

        int EndOfLine(int at) => text.IndexOf('\n', at) is >= 0 and int found ? found + 1 : text.Length;
    }

    private static (DvcOutput, YamlMappingNode) Read(YamlNode node, string folder)
    {
        if (node is not YamlMappingNode output || Text(output, "path") is not { Length: > 0 } path)
        {
            throw new InvalidDataException("An entry of 'outs' has no path.");
        }

        if (Child(output, "files") is not null)
        {
            throw new InvalidDataException(
                $"'{path}' was pushed to a remote with version_aware or worktree, which is not supported; use DVC for it.");
        }

        ObjectId? id = null;
        string? hash = Text(output, "md5");
        if (hash is not null)
        {
            id = ObjectId.TryParse(hash, out var read) ? read : throw new InvalidDataException($"'{hash}' is not an MD5.");
        }

        bool isCurrent = Text(output, "hash") is { } kind
            && (kind == "md5" ? true : throw new InvalidDataException($"The hash '{kind}' is unknown."));
        return (new DvcOutput
        {
            Path = SystemPaths.Normalize(System.IO.Path.GetFullPath(path, folder)),
            Id = id,
            Layout = isCurrent || id is null ? ObjectLayout.Current : ObjectLayout.Legacy,
            Size = Number(output, "size"),
            Files = Number(output, "nfiles"),
            IsExecutable = IsTrue(output, "isexec"),
            Remote = Text(output, "remote"),
            IsPushed = Text(output, "push") is null || IsTrue(output, "push"),
        }, output);
    }

    private static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.FirstOrDefault(c => c.Key is YamlScalarNode k && k.Value == key).Value;

    private static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    private static bool IsTrue(YamlMappingNode node, string key) => "true".Equals(Text(node, key), StringComparison.OrdinalIgnoreCase);

    private static long? Number(YamlMappingNode node, string key) => Text(node, key) is not { } value ? null
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new InvalidDataException($"'{value}' of {key} is not a number.");

    private static string Line(string key, long value) => string.Create(CultureInfo.InvariantCulture, $"{key}: {value}\n");

    /// <summary>Returns a name as a YAML scalar: plain where no reader takes it for anything else, in single quotes otherwise.</summary>
    private static string Scalar(string name)
    {
        bool isPlain = (char.IsLetter(name[0]) || name[0] is '_' or '/') && name[^1] != ' '
            && !name.Contains(": ", StringComparison.Ordinal)
            && !name.Contains(" #", StringComparison.Ordinal) && name[^1] != ':'
            && name.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n");
        return isPlain ? name : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
