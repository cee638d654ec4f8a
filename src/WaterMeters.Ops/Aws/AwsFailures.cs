using System.Net;
using Amazon.Runtime;

namespace WaterMeters.Ops.Aws;

/// <summary>What the exceptions of Amazon's clients mean, whichever service they are of.</summary>
internal static class AwsFailures
{
    private static readonly string[] NoCapacity =
        ["InsufficientInstanceCapacity", "InsufficientHostCapacity", "Server.InsufficientInstanceCapacity"];

    private static readonly string[] Expired = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"];
    private static readonly string[] Throttled =
    [
        "SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "RequestThrottled",
        "TooManyRequestsException",
    ];

    private static readonly string[] Transient =
    [
        "InternalError", "InternalFailure", "RequestTimeout", "ServiceUnavailable", "Unavailable", "BadDigest", "IncompleteBody",
        "ConditionalRequestConflict", "OperationAborted", "XAmzContentSHA256Mismatch", "RequestTimeTooSkewed",
    ];

    /// <summary>Returns whether an exception is one of Amazon's clients or of the network under them.</summary>
    public static bool IsFailure(Exception e) => e is AmazonClientException or AmazonServiceException
        or HttpRequestException or IOException or OperationCanceledException or TimeoutException;

    /// <summary>Returns whether another attempt may succeed.</summary>
    public static bool IsTransient(Exception e, CancellationToken stop) => e switch
    {
        AmazonClientException when IsAboutCredentials(e) => false,
        AmazonServiceException when IsCapacity(e) => false,
        AmazonServiceException { StatusCode: >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented } => true,
        AmazonServiceException { StatusCode: HttpStatusCode.TooManyRequests } => true,
        AmazonServiceException service => IsThrottled(e) || Array.IndexOf(Transient, service.ErrorCode) >= 0
            || (service.StatusCode == 0 && service.InnerException is HttpRequestException or IOException or WebException),
        OperationCanceledException => !stop.IsCancellationRequested, // Amazon's client ends a silent connection like this
        AmazonClientException client => client.InnerException is HttpRequestException or IOException,
        HttpRequestException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Returns whether no credentials were found, on this machine or at its role; a service has not been asked.</summary>
    public static bool IsAboutCredentials(Exception e) => e is not AmazonServiceException { StatusCode: not 0 }
        && e.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns whether the credentials, or the log-in that they come from, were valid until some time ago.</summary>
    public static bool IsExpired(Exception e) =>
        (e is AmazonServiceException service && Array.IndexOf(Expired, service.ErrorCode) >= 0) || IsLogInExpired(e);

    /// <summary>Returns whether single sign-on gives no credentials without another log-in; no service has been asked.</summary>
    public static bool IsLogInExpired(Exception e) =>
        e is AmazonClientException && e.Message.Contains("SSO", StringComparison.Ordinal);

    /// <summary>Returns whether the service had too many requests.</summary>
    public static bool IsThrottled(Exception e) => e is AmazonServiceException service
        && (service.StatusCode == HttpStatusCode.TooManyRequests || Array.IndexOf(Throttled, service.ErrorCode) >= 0);

    /// <summary>Returns whether the zone has no room for an instance; EC2 answers with a status of 500.</summary>
    public static bool IsCapacity(Exception e) =>
        e is AmazonServiceException service && Array.IndexOf(NoCapacity, service.ErrorCode) >= 0;
}
