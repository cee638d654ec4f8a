using System.Text.Json;

namespace WaterMeters.Ops.Terraform;

/// <summary>Returns how the resources of a plan are priced: from type and settings to the monthly cost, null if unknown.</summary>
/// <param name="plan">The plan as <c>terraform show -json</c> writes it.</param>
public delegate Func<string, JsonElement, decimal?> PlanPricing(JsonElement plan);
