using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Http;
using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>Objects in S3, or in a service with its interface.</summary>
internal sealed class S3Store : IObjectStore
{
    private const int FewObjects = 8, ManyObjects = 10_000;

    private readonly RemoteSettings remote;
    private readonly S3Options options;
    private readonly S3Connection connection;
    private readonly string bucket, prefix;
    private volatile bool isUnconditional;

    /// <summary>Creates the store; nothing is sent yet.</summary>
    public S3Store(RemoteSettings remote, S3Options? options = null)
    {
        (this.remote, this.options) = (remote, options ?? new());
        connection = new S3Connection(remote, this.options);
        string[] parts = remote.Address["s3://".Length..].Split('/', 2);
        (bucket, prefix) = (parts[0], parts.ElementAtOrDefault(1)?.Trim('/') is { Length: > 0 } path ? path + "/" : "");
    }

    /// <inheritdoc/>
    public string Address => remote.Address;

    /// <inheritdoc/>
    public int Parallelism => options.Parallelism;

    /// <inheritdoc/>
    public ObjectInventory Find(ObjectLayout layout, IReadOnlyCollection<ObjectId>? wanted, CancellationToken stop)
    {
        if (wanted?.Count <= FewObjects)
        {
            var few = new ObjectInventory();
            foreach (var id in wanted)
            {
                if (SizeOf(layout, id, stop) is { } size) few.Add(id, size);
            }

            return few;
        }

        // Pages of 1,000 names. Sixteen lists at the same time pay off only if each has some pages.
        string root = prefix + layout.Prefix;
        var found = new ObjectInventory(wanted?.Count ?? 0) { IsComplete = true };
        string[] starts = wanted is null || wanted.Count < ManyObjects ? [root] : [.. "0123456789abcdef".Select(digit => root + digit)];
        var gate = new Lock();
        ParallelWork.Run(starts.Length, Parallelism, i => List(layout, starts[i], found, gate, stop), stop);
        return found;
    }

    /// <inheritdoc/>
    public Stream Read(ObjectLayout layout, ObjectId id, Func<long, Stream> open, CancellationToken stop)
    {
        // The rest after a cut is asked for with the tag of the beginning, so that both are of the same object.
        var first = Get(layout, id, 0, null, stop);
        var (tag, size) = (first.ETag, first.ContentLength);
        GetObjectResponse? next = first;
        Stream target;
        try
        {
            target = open(size);
        }
        catch
        {
            first.Dispose();
            throw;
        }

        var download = new ResumingDownload
        {
            Options = new DownloadOptions { Attempts = options.Retries + 1, RetryDelay = options.RetryDelay },
            Open = (from, token) =>
            {
                var response = next ?? Get(layout, id, from, tag, token);
                next = null;
                return FilePart.Bytes(response.ResponseStream, from, size, response);
            },
            Read = (body, buffer, token) =>
            {
                try
                {
                    return body.ReadAsync(buffer, token).AsTask().GetAwaiter().GetResult();
                }
                catch (Exception e) when (e is Amazon.Runtime.AmazonClientException or HttpRequestException)
                {
                    throw new IOException(e.Message, e);
                }
            },
        };
        try
        {
            download.Fill(target, stop);
            return target;
        }
        catch (InterruptedDownloadException e)
        {
            throw connection.Errors.From(new IOException(FormattableString.Invariant(
                $"The download of the object {id} was interrupted after {e.Bytes} bytes: {e.Message}."), e));
        }
    }

    /// <inheritdoc/>
    public void Write(ObjectLayout layout, ObjectId id, ReadOnlyMemory<byte> content, bool replace, CancellationToken stop) =>
        Put(layout, id, () => new MemoryStream(content.ToArray(), writable: false), replace, stop);

    /// <inheritdoc/>
    public bool WriteFile(ObjectLayout layout, ObjectId id, string file, bool replace, CancellationToken stop)
    {
        using var source = HeldFile.OpenRead(file, FileOptions.SequentialScan);
        if (source.Length > options.PartBytes)
        {
            var upload = new S3MultipartUpload(connection, bucket, KeyOf(layout, id), options.PartBytes) { Prepare = Encrypt };
            return upload.Send(source, layout, id, stop);
        }

        // Read once: what is hashed is what is sent.
        byte[] content = new byte[source.Length];
        int length = source.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (length < content.Length || ContentHasher.Of(content, layout.IsLegacy) != id.Hash) return false;
        Put(layout, id, () => new MemoryStream(content, writable: false), replace, stop);
        return true;
    }

    /// <inheritdoc/>
    public bool IsIntact(ObjectLayout layout, ObjectId id, CancellationToken stop)
    {
        using var hasher = new ContentHasher(layout.IsLegacy);
        using var stream = new HashingStream(hasher);
        Read(layout, id, _ => stream, stop);
        return hasher.Finish() == id.Hash;
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private void List(ObjectLayout layout, string start, ObjectInventory found, Lock gate, CancellationToken stop)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = start };
        ListObjectsV2Response page;
        do
        {
            page = connection.Ask(client => client.ListObjectsV2Async(request, stop), stop);
            lock (gate)
            {
                foreach (var entry in page.S3Objects ?? [])
                {
                    if (!layout.TryParse(entry.Key.AsSpan(prefix.Length), out var id)) continue;
                    found.Add(id, entry.Size ?? 0, IsTagOf(entry.ETag, id));
                }
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true && page.NextContinuationToken is not null);
    }

    private long? SizeOf(ObjectLayout layout, ObjectId id, CancellationToken stop)
    {
        var request = new GetObjectMetadataRequest { BucketName = bucket, Key = KeyOf(layout, id) };
        try
        {
            return connection.Ask(client => client.GetObjectMetadataAsync(request, stop), stop, e => Missing(id, e)).ContentLength;
        }
        catch (MissingObjectException)
        {
            return null;
        }
    }

    private GetObjectResponse Get(ObjectLayout layout, ObjectId id, long from, string? tag, CancellationToken stop)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = KeyOf(layout, id), EtagToMatch = tag };
        if (from > 0) request.ByteRange = new ByteRange(FormattableString.Invariant($"bytes={from}-"));
        return connection.Ask(client => client.GetObjectAsync(request, stop), stop, e => Missing(id, e));
    }

    private void Put(ObjectLayout layout, ObjectId id, Func<Stream> open, bool replace, CancellationToken stop)
    {
        string? digest = null;
        try
        {
            connection.Ask(client =>
            {
                var body = open();
                digest ??= Convert.ToBase64String(MD5Of(body));
                var request = new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = KeyOf(layout, id),
                    InputStream = body,
                    MD5Digest = digest, // the server compares what arrives

                    // Services other than Amazon's may store the marks between chunks as a part of the file, so it is sent as it is.
                    UseChunkEncoding = remote.Endpoint is null,
                    IfNoneMatch = replace || isUnconditional ? null : "*",
                };
                Encrypt(request);
                return client.PutObjectAsync(request, stop);
            }, stop, e => e is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed } ? new AlreadyThereException()
                : IsUnknownCondition(e) ? new UnknownConditionException() : null);
        }
        catch (AlreadyThereException)
        {
            // Another process has written the same content.
        }
        catch (UnknownConditionException) when (!isUnconditional)
        {
            isUnconditional = true;
            Put(layout, id, open, replace, stop);
        }
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "Content-MD5 is what every S3 service knows.")]
    private static byte[] MD5Of(Stream body)
    {
        byte[] hash = MD5.HashData(body);
        body.Position = 0;
        return hash;
    }

    private void Encrypt(PutObjectRequest request)
    {
        if (remote.Encryption is not null) request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(remote.Encryption);
        if (remote.EncryptionKey is not null) request.ServerSideEncryptionKeyManagementServiceKeyId = remote.EncryptionKey;
    }

    private void Encrypt(InitiateMultipartUploadRequest request)
    {
        if (remote.Encryption is not null) request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(remote.Encryption);
        if (remote.EncryptionKey is not null) request.ServerSideEncryptionKeyManagementServiceKeyId = remote.EncryptionKey;
    }

    private static bool IsUnknownCondition(Exception e) =>
        e is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented } or AmazonS3Exception { ErrorCode: "NotImplemented" };

    /// <summary>
    /// Returns whether a tag is the hash of an object: it is for an object that was sent as a whole, and is not encrypted.
    /// </summary>
    private static bool IsTagOf(string? tag, ObjectId id) => tag is not null && tag.Trim('"') == id.Hash.ToString();

    private MissingObjectException? Missing(ObjectId id, Exception e) =>
        S3Errors.IsMissing(e) ? new MissingObjectException(id, remote.Address, e) : null;

    private string KeyOf(ObjectLayout layout, ObjectId id) => prefix + layout.PathOf(id);

    private sealed class AlreadyThereException : Exception;

    private sealed class UnknownConditionException : Exception;
}
