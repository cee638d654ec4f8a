using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace WaterMeters.Ops.Aws;

/// <summary>
/// Requests in AWS's protocols JSON 1.1 and REST-JSON to a service of which the module has no client. Amazon's own signer signs them
/// (Signature Version 4, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
/// <param name="credentials">The credentials.</param>
/// <param name="address">The service.</param>
/// <param name="region">The region that the signature is for.</param>
/// <param name="service">The name of the service in the signature.</param>
/// <param name="timeout">How long an answer may take.</param>
/// <param name="clock">The clock of the signature.</param>
internal sealed class AwsJsonClient(
    AWSCredentials credentials, Uri address, string region, string service, TimeSpan timeout, TimeProvider clock) : IDisposable
{
    private readonly HttpClient http = new() { Timeout = timeout };

    /// <summary>Sends a request and returns the answer.</summary>
    /// <param name="target">Interface and action, such as AWSPriceListService.GetProducts.</param>
    /// <param name="body">The parameters, as JSON.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="AmazonServiceException">The service refuses; with the code of its answer.</exception>
    public Task<JsonDocument> SendAsync(string target, string body, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, address, "application/x-amz-json-1.1", target, body, stop);

    /// <summary>Sends a request of REST-JSON and returns the answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query below the address of the service; values are escaped.</param>
    /// <param name="body">The parameters, as JSON; empty for none.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="AmazonServiceException">The service refuses; with the code of its answer.</exception>
    public Task<JsonDocument> SendAsync(HttpMethod method, string path, string body, CancellationToken stop) =>
        SendAsync(method, Below(path), "application/json", null, body, stop);

    /// <summary>Without the slash, the last part of an address such as http://host/aws would be replaced.</summary>
    private Uri Below(string path) => new(address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"), path);

    private async Task<JsonDocument> SendAsync(
        HttpMethod method, Uri to, string type, string? target, string body, CancellationToken stop)
    {
        var keys = await credentials.GetCredentialsAsync().ConfigureAwait(false);
        var now = clock.GetUtcNow().UtcDateTime;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = type,
            ["host"] = to.Authority,
            ["x-amz-date"] = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
        };
        if (target is not null) headers["x-amz-target"] = target;
        if (keys.UseToken) headers["x-amz-security-token"] = keys.Token;

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var request = new HttpRequestMessage(method, to) { Content = content };

        // The path is escaped once more, as for all services but S3.
        string signedPath = string.Join('/', to.AbsolutePath.Split('/').Select(Uri.EscapeDataString));
        string line = $"{method}\n{signedPath}\n{to.Query.TrimStart('?')}";
        request.Headers.TryAddWithoutValidation("Authorization", Sign(keys, region, service, now, line, headers, body));
        foreach (var (name, value) in headers.Where(header => header.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await http.SendAsync(request, stop).ConfigureAwait(false);
        string answer = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            string? named = response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.FirstOrDefault() : null;
            throw Failure(response.StatusCode, answer, named);
        }

        try
        {
            return JsonDocument.Parse(answer.Length == 0 ? "{}" : answer);
        }
        catch (JsonException e)
        {
            throw new AmazonServiceException(
                "The answer is not JSON.", e, ErrorType.Receiver, "InvalidAnswer", "", HttpStatusCode.NotImplemented);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>Returns the header Authorization of a request.</summary>
    /// <param name="keys">The credentials.</param>
    /// <param name="region">The region.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="time">The time of the header x-amz-date, UTC.</param>
    /// <param name="request">Method, path and query, each in a line; the query sorted, without a question mark.</param>
    /// <param name="headers">The headers to sign, in lower case and in order.</param>
    /// <param name="body">The body.</param>
    internal static string Sign(ImmutableCredentials keys, string region, string service, DateTime time, string request,
        SortedDictionary<string, string> headers, string body)
    {
        string names = string.Join(';', headers.Keys);
        string canonical = string.Join('\n',
        [
            request, .. headers.Select(header => $"{header.Key}:{header.Value}"), "", names,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))),
        ]);
        return AWS4Signer.ComputeSignature(keys, region, time, service, names, canonical).ForAuthorizationHeader;
    }

    /// <summary>The code is in the body, or with REST-JSON in a header, where a colon and an address may follow it.</summary>
    private static AmazonServiceException Failure(HttpStatusCode status, string answer, string? named)
    {
        (string code, string message) = (named?.Split(':')[0] ?? "", "");
        try
        {
            using var error = JsonDocument.Parse(answer);
            foreach (var property in error.RootElement.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String))
            {
                if (property.Name == "__type") code = property.Value.GetString()!.Split('#')[^1];
                if (property.NameEquals("message") || property.NameEquals("Message")) message = property.Value.GetString()!;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy, for example: the status says enough.
        }

        return new AmazonServiceException(message, ErrorType.Unknown, code, "", status);
    }
}
