using System.Text;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Scans;

/// <summary>
/// The hashes of the files of one folder when they were last read, so that files which did not change are not read again. It is in
/// <c>.dvc/tmp/wms</c> and can be deleted at any time.
/// </summary>
internal sealed class FileIndex
{
    private const int Version = 1;

    private readonly Dictionary<string, (FileStatus Status, ContentHash Hash)> files;

    private FileIndex(Dictionary<string, (FileStatus, ContentHash)> files) => this.files = files;

    /// <summary>Number of files.</summary>
    public int Count => files.Count;

    /// <summary>Creates an index of files as they are now.</summary>
    public static FileIndex Of(IEnumerable<(string Path, FileStatus Status, ContentHash Hash)> files) =>
        new(files.ToDictionary(file => file.Path, file => (file.Status, file.Hash), StringComparer.Ordinal));

    /// <summary>Reads the index of a file or folder; an empty one if there is none, or if it is damaged.</summary>
    public static FileIndex Read(DvcRepository repository, string path)
    {
        try
        {
            string file = PathFor(repository, path);
            return File.Exists(file) ? Parse(HeldFile.ReadAllBytes(file)) : new([]);
        }
        catch (Exception e) when (VersionErrors.IsOfFiles(e) || e is ArgumentException)
        {
            return new([]);
        }
    }

    /// <summary>Returns the hash of a file if it has not changed since it was read.</summary>
    public bool TryGet(string path, FileStatus status, out ContentHash hash)
    {
        bool isKnown = files.TryGetValue(path, out var entry) && entry.Status == status;
        hash = entry.Hash;
        return isKnown;
    }

    /// <summary>Returns whether a file was there when the index was written.</summary>
    public bool Has(string path) => files.ContainsKey(path);

    /// <summary>Returns whether a file had this content when the index was written.</summary>
    public bool Had(string path, ContentHash hash) => files.TryGetValue(path, out var entry) && entry.Hash == hash;

    /// <summary>Writes the index.</summary>
    public void Write(DvcRepository repository, string path)
    {
        string file = PathFor(repository, path);
        repository.CreateTemporaryFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var content = new MemoryStream(files.Count * 96);
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Version);
            writer.Write(files.Count);
            Span<byte> hash = stackalloc byte[16];
            foreach (var (name, (status, value)) in files)
            {
                writer.Write(name);
                writer.Write(status.Size);
                writer.Write(status.Written);
                writer.Write(status.Changed);
                writer.Write(status.Number);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(hash, value.Value);
                writer.Write(hash);
            }
        }

        content.Write(ContentHash.Of(content.GetBuffer().AsSpan(0, (int)content.Length)).ToBytes());
        AtomicFile.WriteUnflushed(file, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private static FileIndex Parse(byte[] content)
    {
        const int sumBytes = 16;
        if (content.Length < sumBytes) return new([]);
        int length = content.Length - sumBytes;
        if (ContentHash.Of(content.AsSpan(0, length)) != ContentHash.FromBytes(content.AsSpan(length))) return new([]);
        using var reader = new BinaryReader(new MemoryStream(content, 0, length), Encoding.UTF8);
        if (reader.ReadInt32() != Version) return new([]);
        int count = reader.ReadInt32();
        var files = new Dictionary<string, (FileStatus, ContentHash)>(count, StringComparer.Ordinal);
        Span<byte> hash = stackalloc byte[16];
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            var status = new FileStatus(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64());
            reader.BaseStream.ReadExactly(hash);
            files[name] = (status, ContentHash.FromBytes(hash));
        }

        return new(files);
    }

    private static string PathFor(DvcRepository repository, string path)
    {
        string name = ContentHash.Of(Encoding.UTF8.GetBytes(SystemPaths.Key(repository.Relative(path)))).ToString();
        return Path.Combine(repository.TemporaryFolder, "wms", name + ".index");
    }
}
