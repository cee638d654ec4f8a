namespace WaterMeters;

/// <summary>What a plan of Terraform does with one resource. It never holds values of the resource, which may be secret.</summary>
public sealed record TerraformChange
{
    /// <summary>What is done.</summary>
    public required TerraformAction Action { get; init; }

    /// <summary>Address of the resource, such as aws_instance.machine.</summary>
    public required string Address { get; init; }

    /// <summary>Its type, such as aws_instance.</summary>
    public required string Type { get; init; }

    /// <summary>Why it is replaced or destroyed, and which settings require it; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What it costs in US dollars (USD) a month, before tax, if it is there and on all the time; of what is destroyed, what it cost. Null
    /// if unknown, and for what is free.
    /// </summary>
    public decimal? MonthlyCost { get; init; }

    /// <summary>Absolute path of the saved plan, for -Apply -PlanPath.</summary>
    public required string PlanPath { get; init; }
}
