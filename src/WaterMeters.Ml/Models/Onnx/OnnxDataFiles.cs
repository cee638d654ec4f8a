using Microsoft.Win32.SafeHandles;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// The data files of an ONNX file: plain files in the same folder, each opened once. Their contents become part of a private copy of the
/// model, so that what is checked, hashed and run cannot be exchanged in between.
/// </summary>
internal sealed class OnnxDataFiles : IDisposable
{
    // Protobuf messages are limited to 2 GB.
    private const long MaxBytes = int.MaxValue - (1 << 20);

    // With case-insensitive names a file must not be counted once for each spelling.
    private static readonly StringComparer SameName = SystemPaths.Comparer;

    private readonly SortedDictionary<string, (SafeFileHandle Handle, long Length)> files = new(SameName);
    private readonly string folder;

    private OnnxDataFiles(string folder) => this.folder = folder;

    /// <summary>Returns the model with the contents of its data files in place of their names.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="model">Its bytes.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <exception cref="InvalidDataException">A tensor is not inside of a file in the folder, or they overlap.</exception>
    /// <exception cref="ModelRefusedException">A data file is missing, a link or a named pipe, or they are too large.</exception>
    public static byte[] Inline(string path, byte[] model, IReadOnlyCollection<OnnxTensor> tensors)
    {
        using var files = new OnnxDataFiles(Path.GetDirectoryName(Path.GetFullPath(path))!);
        files.Check(tensors);
        return new OnnxInliner(model, files.Read).Inline();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (handle, _) in files.Values) handle.Dispose();
    }

    private void Check(IEnumerable<OnnxTensor> tensors)
    {
        var used = new Dictionary<string, long>(SameName);
        long all = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.External is not var (name, offset, length)) continue;
            if (!IsPlainName(name))
            {
                throw new InvalidDataException(
                    $"its tensor '{tensor.Name}' is in '{name}'; only a plain file name in the same folder is allowed");
            }

            if (!files.TryGetValue(name, out var file)) files.Add(name, file = Open(name));
            long bytes = tensor.Bytes;
            if (length is { } claimed && claimed != bytes)
            {
                throw new InvalidDataException($"its tensor '{tensor.Name}' needs {bytes} bytes and claims {claimed} in '{name}'");
            }

            if (offset < 0 || offset > file.Length || bytes > file.Length - offset)
            {
                throw new InvalidDataException($"its tensor '{tensor.Name}' reaches beyond the end of '{name}'");
            }

            // A tensor is created for each, even when they overlap in the file.
            long total = used[name] = used.GetValueOrDefault(name) + bytes;
            if (total > file.Length) throw new InvalidDataException($"its tensors together have more bytes than '{name}'");
            all += bytes;
        }

        if (all > MaxBytes)
        {
            throw new ModelRefusedException(
                $"its weights have {Megabytes.FromBytes(all):0} MB; at most 2047 MB are supported. Use a smaller network.");
        }
    }

    private (SafeFileHandle Handle, long Length) Open(string name)
    {
        string path = Path.Combine(folder, name);
        var info = new FileInfo(path);
        if (!info.Exists || info.LinkTarget is not null)
        {
            throw new ModelRefusedException(
                $"its weights are in the file '{ModelRefusedException.ForMessage(name)}', which is missing or a link. Copy that file " +
                $"into '{folder}', beside the model.");
        }

        // A named pipe would block here until someone writes to it.
        if (RegularFile.Describe(path) is { } kind)
        {
            throw new ModelRefusedException(
                $"its weights are in '{ModelRefusedException.ForMessage(name)}', which is {kind}, not a file. Save the weights as a file " +
                $"of this name in '{folder}'.");
        }

        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            long length = RandomAccess.GetLength(handle);
            Span<byte> start = stackalloc byte[LfsPointer.MaxBytes];
            if (!LfsPointer.Matches(start[..RandomAccess.Read(handle, start, 0)])) return (handle, length);
            throw new ModelRefusedException(
                $"its weights are in the file '{ModelRefusedException.ForMessage(name)}', which is a Git LFS pointer. Run 'git lfs pull' " +
                "in its repository.");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private void Read(OnnxTensor tensor, Span<byte> into)
    {
        var (name, offset, _) = tensor.External!.Value;
        while (into.Length > 0)
        {
            int got = RandomAccess.Read(files[name].Handle, into, offset);
            if (got == 0) throw new InvalidDataException($"its data file '{name}' was shortened while being read");
            into = into[got..];
            offset += got;
        }
    }

    /// <summary>
    /// Returns whether a name is that of a file in the folder: Windows treats some names as devices, and drops trailing dots and spaces.
    /// </summary>
    private bool IsPlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0
        && Path.GetFullPath(Path.Combine(folder, name)) == Path.Combine(folder, name);
}
