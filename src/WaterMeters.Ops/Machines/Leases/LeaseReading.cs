namespace WaterMeters.Ops.Machines.Leases;

/// <summary>The lease object as it was read or written.</summary>
/// <param name="Document">Its content; <see cref="LeaseDocument.Empty"/> when there is none.</param>
/// <param name="Tag">Its ETag; null when there is none.</param>
/// <param name="Now">Unix seconds, by the clock of S3.</param>
internal sealed record LeaseReading(LeaseDocument Document, string? Tag, long Now);
