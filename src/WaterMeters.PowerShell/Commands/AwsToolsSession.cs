using System.Management.Automation;
using WaterMeters.Ops.Aws;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// What Set-AWSCredential and Set-DefaultAWSRegion of AWS.Tools left in the session. Their assemblies are others, so their objects
/// are read by the names of properties and methods.
/// </summary>
internal static class AwsToolsSession
{
    private const string Credentials = "StoredAWSCredentials", Region = "StoredAWSRegion";

    /// <summary>Returns the keys; null when there are none, or when they cannot be read.</summary>
    public static AwsKeys? Keys(Func<string, object?> variable)
    {
        var stored = Of(variable(Credentials));
        var source = Of(stored?.Properties["Credentials"]?.Value) ?? stored;
        var keys = source;
        if (source?.Methods["GetCredentials"] is { } method)
        {
            try
            {
                keys = Of(method.Invoke());
            }
            catch (MethodException)
            {
                return null; // expired, or a role that cannot be taken: the next source is asked, and says what is wrong
            }
        }

        string? access = Text(keys, "AccessKey"), secret = Text(keys, "SecretKey");
        return access is null || secret is null ? null : new AwsKeys(access, secret, Text(keys, "Token"));
    }

    /// <summary>Returns the region; null when there is none.</summary>
    public static string? RegionName(Func<string, object?> variable) => Of(variable(Region)) is not { } region ? null
        : region.BaseObject as string ?? Text(region, "SystemName") ?? Text(region, "Region");

    private static PSObject? Of(object? value) => value is null ? null : PSObject.AsPSObject(value);

    private static string? Text(PSObject? value, string property) =>
        value?.Properties[property]?.Value is { } found && $"{found}" is { Length: > 0 } text ? text : null;
}
