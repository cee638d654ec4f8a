using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>
/// Random access to a model file, for the readers of all formats. Sizes that a file declares are checked against its length before
/// anything is allocated; <see cref="InvalidDataException"/> says what is wrong.
/// </summary>
internal sealed class BinaryFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly byte[] chunk = new byte[1 << 16];
    private readonly DateTime written;

    private BinaryFile(string path, string format)
    {
        (Path, Format) = (path, format);

        // A pipe would wait for a writer, and a device has no end; neither has a length.
        if (Target(path) is { Exists: true, Length: 0 })
        {
            throw new ModelRefusedException("it is empty (0 bytes), or not a regular file. Copy the model again from its source.");
        }

        // On Windows no one can write to it meanwhile. Elsewhere no such lock exists, and EnsureUnchanged notices it.
        var sharing = OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.ReadWrite | FileShare.Delete;
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, sharing);
        try
        {
            Length = RandomAccess.GetLength(handle);
            written = File.GetLastWriteTimeUtc(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Its format, for errors: the expected one, until its content says otherwise.</summary>
    public string Format { get; set; }

    /// <summary>Reads a file with <paramref name="read"/>; turns every error into one that names the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its expected format, for the error.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="ModelException">It is missing, cannot be read, or is not a valid file of that format.</exception>
    public static T Open<T>(string path, string format, Func<BinaryFile, T> read)
    {
        BinaryFile? file = null;
        try
        {
            file = new BinaryFile(path, format);
            return read(file);
        }
        catch (FileNotFoundException e)
        {
            throw new ModelException(path, $"There is no model file '{path}'. Check the path, or train one with Start-WmsTraining.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelException(path,
                $"Cannot read the model file '{path}': {e.Sentence()} Close programs that use it, or fix its permissions, and try " +
                "again.", e);
        }
        catch (ModelRefusedException e)
        {
            throw new ModelException(path, $"Refused to load '{path}': {ModelRefusedException.Printable(e.Message)}", e);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or FormatException or InvalidOperationException
            or OverflowException or KeyNotFoundException)
        {
            string why = e switch
            {
                InvalidDataException => e.Message.TrimEnd('.'),
                OverflowException => "it declares sizes that are larger than any file",
                _ => $"its description of the tensors is not valid JSON of that format ({e.Message.TrimEnd('.')})",
            };
            throw new ModelException(path,
                $"'{path}' is not a valid {file?.Format ?? format} file: {ModelRefusedException.Printable(why)}. " +
                "Copy it again from its source, or train a new one with Start-WmsTraining.", e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>
    /// Computes the SHA-256 of what was read: of the opened file, which stays the same when another takes its name, and which must not have
    /// been written to since.
    /// </summary>
    /// <exception cref="ModelRefusedException">The file has changed since it was opened.</exception>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Scan(0, Length, hash.AppendData);
        EnsureUnchanged();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Checks that the opened file has not been written to since.</summary>
    /// <exception cref="ModelRefusedException">It has.</exception>
    public void EnsureUnchanged()
    {
        if (RandomAccess.GetLength(handle) == Length && File.GetLastWriteTimeUtc(handle) == written) return;
        throw new ModelRefusedException("it was changed while being read. Wait until it is completely written, and try again.");
    }

    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }

    /// <summary>Fills a buffer from an offset in the file.</summary>
    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length)
        {
            throw new InvalidDataException($"{into.Length} bytes at {offset} are beyond its length of {Length}");
        }

        while (into.Length > 0)
        {
            int got = RandomAccess.Read(handle, into, offset);
            if (got == 0) throw new InvalidDataException("it was shortened while being read");
            into = into[got..];
            offset += got;
        }
    }

    /// <summary>Reads a part of the file.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="maxLength">The allowed length, bytes.</param>
    /// <param name="what">Its name, for errors.</param>
    public byte[] Read(long offset, long length, int maxLength, string what)
    {
        if (length < 0 || length > maxLength)
        {
            throw new InvalidDataException($"{what} claims {(ulong)length} bytes; at most {maxLength} are supported");
        }

        if (offset < 0 || offset > Length - length) throw new InvalidDataException($"{what} is beyond its length of {Length} bytes");
        var bytes = new byte[length];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>Reads elements of any type as float32; allocates only the result.</summary>
    public float[] ReadFloats(long offset, ElementType type, long count)
    {
        if (count < 0 || count > Array.MaxLength || offset < 0 || offset > Length - (count * type.Size()))
        {
            throw new InvalidDataException($"{count} elements at {offset} are beyond its length of {Length} bytes");
        }

        var values = new float[count];
        ReadFloats(offset, type, values);
        return values;
    }

    /// <summary>Fills a buffer with elements of any type, as float32.</summary>
    public void ReadFloats(long offset, ElementType type, Span<float> into)
    {
        if (type == ElementType.F32)
        {
            // The length of a span in bytes has 31 bits.
            for (int at = 0; at < into.Length; at += chunk.Length)
            {
                Read(offset + (4L * at), MemoryMarshal.AsBytes(into.Slice(at, Math.Min(chunk.Length, into.Length - at))));
            }

            return;
        }

        int size = type.Size(), step = chunk.Length / size;
        for (int at = 0; at < into.Length; at += step)
        {
            var part = into.Slice(at, Math.Min(step, into.Length - at));
            var bytes = chunk.AsSpan(0, part.Length * size);
            Read(offset + ((long)at * size), bytes);
            type.ToFloats(bytes, part);
        }
    }

    /// <summary>Reads an int64.</summary>
    public long ReadInt64(long offset)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(offset, bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>Reads a part of the file in chunks.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="visit">Called with each chunk.</param>
    public void Scan(long offset, long length, Action<ReadOnlySpan<byte>> visit)
    {
        for (long at = 0; at < length; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, length - at));
            Read(offset + at, part);
            visit(part);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
