namespace WaterMeters.Ops.Machines;

/// <summary>A price of AWS.</summary>
/// <param name="Dollars">US dollars before tax, for an hour, or for a gigabyte and month.</param>
/// <param name="Date">The day that it was read or compared.</param>
internal readonly record struct Price(double Dollars, DateTime Date);
