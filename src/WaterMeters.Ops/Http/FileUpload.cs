using System.Net;
using System.Net.Http.Headers;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Http;

/// <summary>The bytes of a file as the body of a request, which says when it makes progress.</summary>
internal sealed class FileUpload : HttpContent
{
    private readonly string file;
    private readonly long length;

    /// <summary>Creates the body.</summary>
    /// <param name="file">Path of the file; it is opened whenever the body is sent.</param>
    /// <param name="mediaType">Its media type.</param>
    public FileUpload(string file, string mediaType)
    {
        this.file = file;
        length = new FileInfo(file).Length;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    /// <summary>Raised after each piece that was sent.</summary>
    public event Action? Sent;

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = HeldFile.OpenRead(file, FileOptions.SequentialScan | FileOptions.Asynchronous);
        byte[] buffer = new byte[1 << 17];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            Sent?.Invoke();
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }
}
