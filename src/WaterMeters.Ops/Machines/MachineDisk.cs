namespace WaterMeters.Ops.Machines;

/// <summary>A disk of the machine.</summary>
/// <param name="Gigabytes">Its size.</param>
/// <param name="Created">When it was made, UTC; null: unknown.</param>
internal readonly record struct MachineDisk(int Gigabytes, DateTime? Created);
