namespace WaterMeters.Ops.Aws;

/// <summary>Whose credentials these are.</summary>
/// <param name="Account">Number of the account.</param>
/// <param name="Arn">The user or role.</param>
/// <param name="IsTemporary">Whether they expire; null: unknown.</param>
/// <param name="Expires">When, UTC; null: never, or it is not recorded.</param>
public sealed record AwsIdentity(string Account, string Arn, bool? IsTemporary, DateTime? Expires);
