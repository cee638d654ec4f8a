using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines.Leases;

/// <summary>
/// The lease object in S3, which is written only if nobody else has written it since it was read. The clock is that of S3: all clients
/// have the same.
/// </summary>
/// <param name="session">The connection.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="machine">Name of the machine.</param>
internal sealed class LeaseStore(AwsSession session, string bucket, string machine)
{
    /// <summary>Key of the object.</summary>
    public string Key { get; } = $"machine/{machine}/lease";

    /// <summary>Address of the object.</summary>
    public string Address => $"s3://{bucket}/{Key}";

    /// <summary>Reads the object.</summary>
    /// <exception cref="InfrastructureException">It cannot be read, or is not a lease object.</exception>
    public LeaseReading Read(CancellationToken stop)
    {
        try
        {
            using var response = session.S3(
                client => client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = Key }, stop), bucket, stop,
                otherwise: e => e is AmazonS3Exception { ErrorCode: "NoSuchKey" } ? new MissingException() : null);
            using var reader = new StreamReader(response.ResponseStream, Encoding.UTF8);
            char[] text = new char[LeaseText.MaxLength + 1];
            int length = reader.ReadBlock(text);
            return new LeaseReading(LeaseText.Parse(new string(text, 0, length)), response.ETag, session.ServerTime);
        }
        catch (MissingException)
        {
            return new LeaseReading(LeaseDocument.Empty, null, session.ServerTime);
        }
        catch (FormatException e)
        {
            throw new InfrastructureException(InfrastructureFault.LeaseUnusable, Address,
                $"The lease object '{Address}' cannot be used: {e.Message}. Install the newest module; if that does not help, remove the "
                + "object while nobody uses the machine.", e);
        }
    }

    /// <summary>Writes the object if it still is the one that was read.</summary>
    /// <returns>The object as it is now; null if somebody else was first: read again, and decide again.</returns>
    /// <exception cref="InfrastructureException">It cannot be written.</exception>
    public LeaseReading? TryWrite(LeaseReading read, LeaseDocument document, CancellationToken stop)
    {
        byte[] content = Encoding.UTF8.GetBytes(LeaseText.Format(document));
        try
        {
            var response = session.S3(client =>
            {
                var request = new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = Key,
                    InputStream = new MemoryStream(content, writable: false),
                    ContentType = "text/plain; charset=utf-8",
                    UseChunkEncoding = false,
                };
                if (read.Tag is null) request.IfNoneMatch = "*";
                else request.IfMatch = read.Tag;
                return client.PutObjectAsync(request, stop);
            }, bucket, stop, otherwise: e => IsOvertaken(e) ? new OvertakenException() : null);
            return new LeaseReading(document, response.ETag, session.ServerTime);
        }
        catch (OvertakenException)
        {
            return null;
        }
    }

    /// <summary>Another writing was first, or the object was removed.</summary>
    private static bool IsOvertaken(Exception e) => e is AmazonS3Exception
    { StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict } or AmazonS3Exception { ErrorCode: "NoSuchKey" };

    private sealed class MissingException : Exception;

    private sealed class OvertakenException : Exception;
}
