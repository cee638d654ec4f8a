using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;

namespace WaterMeters.Ops.Aws;

/// <summary>What every connection to S3, or to a service with its interface, has in common.</summary>
internal static class AwsConnection
{
    /// <summary>Prepares a connection to another service than Amazon's.</summary>
    public static void ForOtherService(AmazonS3Config config)
    {
        config.ForcePathStyle = true;

        // Services other than Amazon's often do not know the checksums that Amazon added later.
        config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
    }

    /// <summary>Returns the credentials of a profile; null when there is none.</summary>
    /// <param name="profile">Its name.</param>
    /// <param name="file">The file with the credentials; null: as every AWS tool finds it.</param>
    public static AWSCredentials? ProfileCredentials(string profile, string? file) =>
        Profiles(file).TryGetAWSCredentials(profile, out var credentials) ? credentials : null;

    /// <summary>Returns a profile; null when there is none, or when the files cannot be read.</summary>
    public static CredentialProfile? Profile(string name)
    {
        try
        {
            return Profiles(null).TryGetProfile(name, out var found) ? found : null;
        }
        catch (Exception e) when (e is AmazonClientException or IOException or UnauthorizedAccessException)
        {
            return null; // the credentials come from the same file, and say so
        }
    }

    // Amazon's client reads the variable once in a process; a session of PowerShell changes it.
    private static CredentialProfileStoreChain Profiles(string? file) =>
        new(file ?? Environment.GetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE"));
}
