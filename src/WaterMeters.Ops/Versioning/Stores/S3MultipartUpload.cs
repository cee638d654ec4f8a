using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Amazon.S3.Model;
using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>
/// A large file in parts. The object appears when the last part has arrived and the whole has the hash that it is named by.
/// </summary>
internal sealed class S3MultipartUpload(S3Connection connection, string bucket, string key, int partBytes)
{
    /// <summary>Changes the first request, as for encryption.</summary>
    public required Action<InitiateMultipartUploadRequest> Prepare { get; init; }

    /// <summary>Sends a file; false if its content has another hash: then there is no object.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "Content-MD5 is what every S3 service knows.")]
    public bool Send(Stream source, ObjectLayout layout, ObjectId id, CancellationToken stop)
    {
        var start = new InitiateMultipartUploadRequest { BucketName = bucket, Key = key };
        Prepare(start);
        string upload = connection.Ask(client => client.InitiateMultipartUploadAsync(start, stop), stop).UploadId;
        bool isComplete = false;
        try
        {
            using var hasher = new ContentHasher(layout.IsLegacy);
            var parts = new List<PartETag>();
            byte[] buffer = new byte[partBytes];
            while (source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is > 0 and int length)
            {
                hasher.Append(buffer.AsSpan(0, length));
                string digest = Convert.ToBase64String(MD5.HashData(buffer.AsSpan(0, length)));
                int number = parts.Count + 1;
                var sent = connection.Ask(client => client.UploadPartAsync(new UploadPartRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = upload,
                    PartNumber = number,
                    PartSize = length,
                    InputStream = new MemoryStream(buffer, 0, length, writable: false),
                    MD5Digest = digest,
                    UseChunkEncoding = false,
                }, stop), stop);
                parts.Add(new PartETag(number, sent.ETag));
            }

            if (hasher.Finish() != id.Hash) return false;
            connection.Ask(client => client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = upload,
                PartETags = parts,
            }, stop), stop);
            return isComplete = true;
        }
        finally
        {
            if (!isComplete) Abort(upload);
        }
    }

    /// <summary>Parts of an upload that never ends are kept, and paid for.</summary>
    private void Abort(string upload)
    {
        try
        {
            var request = new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload };
            connection.Ask(client => client.AbortMultipartUploadAsync(request, CancellationToken.None), CancellationToken.None);
        }
        catch (DatasetVersionException)
        {
            // The error being reported is the useful one; a lifecycle rule of the bucket removes the parts.
        }
    }
}
