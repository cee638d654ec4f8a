namespace WaterMeters.Ops.Aws;

/// <summary>What a cmdlet was given, and what AWS.Tools left in the session; null: nothing.</summary>
public sealed record AwsRequest
{
    /// <summary>-ProfileName.</summary>
    public string? ProfileName { get; init; }

    /// <summary>-Region.</summary>
    public string? Region { get; init; }

    /// <summary>-EndpointUrl.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>-BucketName.</summary>
    public string? BucketName { get; init; }

    /// <summary>Keys of Set-AWSCredential.</summary>
    public AwsKeys? SessionKeys { get; init; }

    /// <summary>Region of Set-DefaultAWSRegion.</summary>
    public string? SessionRegion { get; init; }
}
