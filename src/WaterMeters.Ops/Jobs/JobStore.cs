using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Jobs;

/// <summary>The objects of a job: <c>jobs/ID/...</c> in the bucket of the machine.</summary>
/// <param name="session">The connection.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="id">The job.</param>
internal sealed class JobStore(AwsSession session, string bucket, string id)
{
    /// <summary>Names of the objects.</summary>
    public const string Request = "request.json", Result = "result.json", Stop = "stop", Log = "log.txt", Step = "step.json";

    /// <summary>Beginnings of the names of objects.</summary>
    public const string Progress = "progress/", Output = "output/";

    private string Root => $"jobs/{id}/";

    /// <summary>Returns the name of a part of the progress, from 1.</summary>
    public static string Part(int number) => string.Create(CultureInfo.InvariantCulture, $"{Progress}{number:000000}.jsonl");

    /// <summary>Returns the number of a part; 0 for another name.</summary>
    public static int NumberOf(string? part) => part is not null && int.TryParse(
        part.AsSpan()[Progress.Length..].TrimEnd(".jsonl"), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    /// <summary>Returns the address of an object, for messages.</summary>
    public string Address(string name) => $"s3://{bucket}/{Root}{name}";

    /// <summary>Reads an object; null if there is none.</summary>
    /// <exception cref="InfrastructureException">It cannot be read.</exception>
    public byte[]? Read(string name, CancellationToken stop)
    {
        try
        {
            return Get(name, null, stop);
        }
        catch (MissingException)
        {
            return null;
        }
    }

    /// <summary>Reads a part of an object.</summary>
    /// <exception cref="InfrastructureException">It cannot be read, or is missing.</exception>
    public byte[] ReadRange(string name, long offset, int count, CancellationToken stop)
    {
        try
        {
            return Get(name, new ByteRange(offset, offset + count - 1), stop);
        }
        catch (MissingException)
        {
            throw new InfrastructureException(InfrastructureFault.JobUnusable, Address(name),
                $"'{Address(name)}' is missing, although the job has ended. Start the training again with another -RunId.");
        }
    }

    /// <summary>Writes an object.</summary>
    /// <exception cref="InfrastructureException">It cannot be written.</exception>
    public void Write(string name, byte[] content, CancellationToken stop) =>
        Put(name, () => new MemoryStream(content, writable: false), isNew: false, stop);

    /// <summary>Writes a file as an object.</summary>
    /// <exception cref="InfrastructureException">It cannot be written.</exception>
    public void WriteFile(string name, string path, CancellationToken stop) =>
        Put(name, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), isNew: false, stop);

    /// <summary>Writes an object if there is none.</summary>
    /// <returns>Whether the object has this content now: another attempt of the same writing has not failed.</returns>
    /// <exception cref="InfrastructureException">It cannot be written.</exception>
    public bool TryCreate(string name, byte[] content, CancellationToken stop)
    {
        try
        {
            Put(name, () => new MemoryStream(content, writable: false), isNew: true, stop);
            return true;
        }
        catch (ExistsException)
        {
            return Read(name, stop) is { } existing && existing.AsSpan().SequenceEqual(content);
        }
    }

    /// <summary>Removes an object; that there is none is no error.</summary>
    /// <exception cref="InfrastructureException">It cannot be removed.</exception>
    public void Delete(string name, CancellationToken stop) => session.S3(
        client => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = Root + name }, stop), bucket, stop);

    /// <summary>Lists objects in the order of their names.</summary>
    /// <param name="prefix">How their names begin.</param>
    /// <param name="after">The name to begin after; null: at the first.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">They cannot be listed.</exception>
    public IReadOnlyList<string> List(string prefix, string? after, CancellationToken stop)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = bucket,
            Prefix = Root + prefix,
            StartAfter = after is null ? null : Root + after,
        };
        var names = new List<string>();
        do
        {
            var page = session.S3(client => client.ListObjectsV2Async(request, stop), bucket, stop);
            names.AddRange((page.S3Objects ?? []).Select(found => found.Key[Root.Length..]));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (!string.IsNullOrEmpty(request.ContinuationToken));
        return names;
    }

    private byte[] Get(string name, ByteRange? range, CancellationToken stop) => session.S3(
        async client =>
        {
            using var response = await client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = Root + name, ByteRange = range }, stop).ConfigureAwait(false);
            using var content = new MemoryStream();

            // In the request: a connection that breaks in the middle of an object is a request that is repeated.
            await response.ResponseStream.CopyToAsync(content, stop).ConfigureAwait(false);
            if (content.Length != response.ContentLength) throw new IOException($"'{Address(name)}' ended early.");
            return content.ToArray();
        }, bucket, stop, otherwise: e => e is AmazonS3Exception { ErrorCode: "NoSuchKey" } ? new MissingException() : null);

    private void Put(string name, Func<Stream> open, bool isNew, CancellationToken stop) => session.S3(
        async client =>
        {
            using var content = open();
            var request = new PutObjectRequest
            {
                BucketName = bucket,
                Key = Root + name,
                InputStream = content,
                UseChunkEncoding = false,
                AutoCloseStream = false,
            };
            if (isNew) request.IfNoneMatch = "*";
            return await client.PutObjectAsync(request, stop).ConfigureAwait(false);
        }, bucket, stop, otherwise: e => isNew && e is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed }
            ? new ExistsException() : null);

    private sealed class MissingException : Exception;

    private sealed class ExistsException : Exception;
}
