using System.Net;

namespace WaterMeters.Ops.Http;

/// <summary>What a server sent when it was asked for a file from some byte on (RFC 9110, section 14: range requests).</summary>
internal sealed class FilePart : IDisposable
{
    private readonly IDisposable? response;

    private FilePart(IDisposable? response) => this.response = response;

    /// <summary>The bytes; null if there are none, see <see cref="Failure"/>.</summary>
    public Stream? Body { get; private init; }

    /// <summary>Position of the first byte of <see cref="Body"/> in the file.</summary>
    public long From { get; private init; }

    /// <summary>Bytes of the whole file; null if the server does not say.</summary>
    public long? Total { get; private init; }

    /// <summary>Why there are no bytes; null if there are, or if the file ends where it was asked to begin.</summary>
    public string? Failure { get; private init; }

    /// <summary>Whether what was received before is worthless.</summary>
    public bool StartsAgain { get; private init; }

    /// <summary>Creates a part from bytes.</summary>
    public static FilePart Bytes(Stream body, long from, long? total, IDisposable? response) =>
        new(response) { Body = body, From = from, Total = total };

    /// <summary>Creates an answer without bytes that another attempt may change.</summary>
    public static FilePart Failed(string failure, bool startsAgain = false) => new(null) { Failure = failure, StartsAgain = startsAgain };

    /// <summary>Reads the answer to a request for the bytes of a file from <paramref name="from"/> on; takes over the response.</summary>
    public static FilePart Of(HttpResponseMessage response, long from)
    {
        var range = response.Content.Headers.ContentRange;
        string status = $"HTTP {(int)response.StatusCode}";
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The file is complete already, or it is of another download.
            response.Dispose();
            return range?.Length == from ? new FilePart(null) { Total = from } : Failed(status, startsAgain: true);
        }

        if (!response.IsSuccessStatusCode)
        {
            response.Dispose();
            return Failed(status);
        }

        long start = response.StatusCode == HttpStatusCode.PartialContent ? range?.From ?? 0 : 0;
        if (start != 0 && start != from)
        {
            response.Dispose();
            return Failed("The server sent another part of the file", startsAgain: true);
        }

        long? total = range?.Length ?? (start == 0 ? response.Content.Headers.ContentLength : null);
        return Bytes(response.Content.ReadAsStream(), start, total, response);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Body?.Dispose();
        response?.Dispose();
    }
}
