using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Tracking.Artifacts;

/// <summary>
/// Artifacts in S3, or in a service with its interface. Credentials and region are found as every AWS tool finds them: environment
/// variables, profiles, the role of the machine.
/// </summary>
internal sealed class S3ArtifactFolder : IArtifactFolder
{
    private readonly string bucket, prefix;
    private readonly int retries;
    private readonly bool isAmazon;
    private readonly Lazy<AmazonS3Client> client;

    /// <summary>Creates the folder; nothing is sent yet.</summary>
    /// <param name="address"><c>s3://BUCKET/PREFIX</c>.</param>
    /// <param name="endpoint">Where the service is if not at Amazon; null: at Amazon.</param>
    /// <param name="retries">How often a request is repeated at most.</param>
    public S3ArtifactFolder(string address, Uri? endpoint, int retries)
    {
        string[] parts = address["s3://".Length..].Split('/', 2);
        (bucket, prefix, this.retries) = (parts[0], parts.ElementAtOrDefault(1)?.Trim('/') ?? "", retries);
        isAmazon = endpoint is null;
        Address = address;
        client = new Lazy<AmazonS3Client>(() => Connect(endpoint));
    }

    /// <inheritdoc/>
    public string Address { get; }

    /// <inheritdoc/>
    public string? LocalPath => null;

    /// <inheritdoc/>
    public IReadOnlyList<Artifact> List(string path, CancellationToken cancellation)
    {
        string folder = KeyOf(ArtifactPath.CheckFolder(path));
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = folder.Length > 0 ? folder + "/" : "" };
        var found = new List<Artifact>();
        ListObjectsV2Response page;
        do
        {
            page = Ask(path, () => client.Value.ListObjectsV2Async(request, cancellation));
            foreach (var entry in page.S3Objects ?? [])
            {
                // Consoles make "folders" out of empty objects that end with a slash.
                string name = prefix.Length > 0 ? entry.Key[(prefix.Length + 1)..] : entry.Key;
                if (!name.EndsWith('/') && ArtifactPath.IsInside(name)) found.Add(new Artifact(name, entry.Size));
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return [.. found.OrderBy(artifact => artifact.Path, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Upload(string file, string path, CancellationToken cancellation)
    {
        string key = KeyOf(ArtifactPath.CheckFile(path));
        LocalArtifactFolder.Guarded(file, () =>
        {
            using var source = HeldFile.OpenRead(file, FileOptions.SequentialScan);

            // An object appears when its last byte has arrived, not before. Services other than Amazon's may store the marks between
            // chunks as a part of the file, so it is sent as it is.
            var request = new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = source,
                AutoCloseStream = false,
                UseChunkEncoding = isAmazon,
            };
            return Ask(path, () => client.Value.PutObjectAsync(request, cancellation));
        });
    }

    /// <inheritdoc/>
    public Stream Open(string path, CancellationToken cancellation)
    {
        var response = Get(ArtifactPath.CheckFile(path), 0, null, cancellation);
        return new MeasuredStream(response.ResponseStream, response.ContentLength, path, response);
    }

    /// <inheritdoc/>
    public void Download(string path, string file, CancellationToken cancellation)
    {
        ArtifactPath.CheckFile(path);
        LocalArtifactFolder.Guarded(file, () =>
        {
            AtomicFile.Write(file, stream => Receive(path, stream, cancellation));
            return true;
        });
    }

    private void Receive(string path, Stream stream, CancellationToken cancellation)
    {
        string? tag = null;
        long? size = null;
        var download = new ResumingDownload
        {
            Options = new DownloadOptions { Attempts = retries + 1, RetryDelay = TimeSpan.FromSeconds(0.5) },
            Open = (from, token) =>
            {
                // With its tag, so that the rest is of the same object as the beginning.
                var response = Get(path, from, tag, token);
                tag ??= response.ETag;
                size ??= from + response.ContentLength;
                return FilePart.Bytes(response.ResponseStream, from, size, response);
            },
            Read = (body, buffer, token) =>
            {
                try
                {
                    return body.ReadAsync(buffer, token).AsTask().GetAwaiter().GetResult();
                }
                catch (AmazonClientException e)
                {
                    throw new IOException(e.Message, e); // its check of the whole body failed: another attempt
                }
            },
        };
        try
        {
            download.Fill(stream, cancellation);
        }
        catch (InterruptedDownloadException e)
        {
            throw ArtifactSize.Interrupted(path, e);
        }

        ArtifactSize.Check(path, stream.Length, size);
    }

    private GetObjectResponse Get(string path, long from, string? tag, CancellationToken stop)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = KeyOf(path), EtagToMatch = tag };
        if (from > 0) request.ByteRange = new ByteRange(FormattableString.Invariant($"bytes={from}-"));
        return Ask(path, () => client.Value.GetObjectAsync(request, stop));
    }

    private T Ask<T>(string path, Func<Task<T>> request)
    {
        try
        {
            return request().GetAwaiter().GetResult();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            throw ArtifactPath.NotFound(path, Address, e);
        }
        catch (AmazonS3Exception e)
        {
            bool denied = e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;
            throw new TrackingException(denied ? TrackingFault.Unauthorized : TrackingFault.Refused, path,
                $"S3 refuses the artifact '{path}' of '{Address}': {e.ErrorCode ?? e.StatusCode.ToString()}. "
                + (denied ? "Use credentials that may use this bucket (AWS_PROFILE)." : "Check the bucket and AWS_REGION."),
                e);
        }
        catch (AmazonClientException e)
        {
            throw new TrackingException(TrackingFault.Unauthorized, path,
                $"Cannot use '{Address}': {e.Sentence()} Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_REGION.",
                e);
        }
        catch (HttpRequestException e)
        {
            throw new TrackingException(TrackingFault.Unreachable, path,
                $"Cannot reach the S3 service of '{Address}': {e.Sentence()} Check the network and MLFLOW_S3_ENDPOINT_URL.", e);
        }
    }

    private AmazonS3Client Connect(Uri? endpoint)
    {
        var config = new AmazonS3Config { MaxErrorRetry = retries };
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint.ToString();
            AwsConnection.ForOtherService(config);
        }

        try
        {
            return new AmazonS3Client(config);
        }
        catch (AmazonClientException e)
        {
            throw new TrackingException(TrackingFault.Refused, Address,
                $"Cannot use '{Address}': {e.Sentence()} Set AWS_REGION to the region of the bucket.", e);
        }
    }

    private string KeyOf(string path) => ArtifactPath.Join(prefix, path);
}
