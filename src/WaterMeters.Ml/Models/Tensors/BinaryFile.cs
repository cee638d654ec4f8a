using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>
/// A model file read piece by piece at any place. Every reader of a format stands on it: what a file says of itself is held
/// against its length before anything is allocated, and <see cref="InvalidDataException"/> says what does not fit.
/// </summary>
internal sealed class BinaryFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly byte[] chunk = new byte[1 << 16];

    private BinaryFile(string path)
    {
        Path = path;
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            Length = RandomAccess.GetLength(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Its length when it was opened, bytes.</summary>
    public long Length { get; }

    /// <summary>Reads a file with <paramref name="read"/>; whatever is wrong with it becomes one kind of error that names it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">What it should be, for the error.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="ModelException">It is not there, cannot be read, or is no whole file of that format.</exception>
    public static T Open<T>(string path, string format, Func<BinaryFile, T> read)
    {
        try
        {
            using var file = new BinaryFile(path);
            return read(file);
        }
        catch (FileNotFoundException e)
        {
            throw new ModelException(path, $"There is no model file '{path}'. Check the path, or train one with Start-WmsTraining.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelException(path, $"The model file '{path}' cannot be read: {e.Sentence()} Close what uses it, or mend its permissions, and try again.", e);
        }
        catch (ModelRefusedException e)
        {
            throw new ModelException(path, $"'{path}' is refused: {ModelRefusedException.Printable(e.Message)}", e);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or FormatException or InvalidOperationException or OverflowException or KeyNotFoundException)
        {
            string why = e switch
            {
                InvalidDataException => e.Message.TrimEnd('.'),
                OverflowException => "it claims sizes that are larger than any file",
                _ => $"its description of the tensors is no valid JSON of that format ({e.Message.TrimEnd('.')})",
            };
            throw new ModelException(path, $"'{path}' is not a whole {format} file: {ModelRefusedException.Printable(why)}. Copy it again from where it came, or train a new one with Start-WmsTraining.", e);
        }
    }

    /// <summary>Fills a buffer from a place in the file.</summary>
    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length) throw new InvalidDataException($"{into.Length} bytes at {offset} lie outside of its {Length}");
        while (into.Length > 0)
        {
            int got = RandomAccess.Read(handle, into, offset);
            if (got == 0) throw new InvalidDataException("it became shorter while it was read");
            into = into[got..];
            offset += got;
        }
    }

    /// <summary>A piece of the file, of which there may be <paramref name="most"/> bytes.</summary>
    public byte[] Read(long offset, long length, int most, string what)
    {
        if (length < 0 || length > most) throw new InvalidDataException($"{what} claims {(ulong)length} bytes; this reader takes {most}");
        if (offset < 0 || offset > Length - length) throw new InvalidDataException($"{what} lies outside of its {Length} bytes");
        var bytes = new byte[length];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>So many elements of any type, as float32; nothing else is allocated, however many they are.</summary>
    public float[] ReadFloats(long offset, ElementType type, long count)
    {
        if (count < 0 || count > Array.MaxLength || offset < 0 || offset > Length - (count * type.Size())) throw new InvalidDataException($"{count} elements at {offset} lie outside of its {Length} bytes");
        var values = new float[count];
        ReadFloats(offset, type, values);
        return values;
    }

    /// <summary>Fills a buffer with elements of any type, as float32.</summary>
    public void ReadFloats(long offset, ElementType type, Span<float> into)
    {
        if (type == ElementType.F32)
        {
            // A span counts its bytes in 31 bits.
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

    /// <summary>One int64.</summary>
    public long ReadInt64(long offset)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(offset, bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>Walks over a piece of the file, a buffer at a time.</summary>
    public void Scan(long offset, long length, Action<ReadOnlySpan<byte>> see)
    {
        for (long at = 0; at < length; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, length - at));
            Read(offset + at, part);
            see(part);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
