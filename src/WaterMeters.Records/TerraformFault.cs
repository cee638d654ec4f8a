namespace WaterMeters;

/// <summary>Why Terraform cannot be used.</summary>
public enum TerraformFault
{
    /// <summary>The program is not installed or not found.</summary>
    NotInstalled,

    /// <summary>The program is too old or too new for the files.</summary>
    WrongVersion,

    /// <summary>Someone else works on the same state.</summary>
    StateLocked,

    /// <summary>The state was changed after the plan was made.</summary>
    PlanStale,

    /// <summary>The plan cannot be read.</summary>
    PlanUnusable,

    /// <summary>Terraform ended with an error.</summary>
    Failed,
}
