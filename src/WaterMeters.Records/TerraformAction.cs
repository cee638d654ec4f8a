namespace WaterMeters;

/// <summary>What Terraform does with a resource.</summary>
public enum TerraformAction
{
    /// <summary>It is created.</summary>
    Create,

    /// <summary>It is changed where it is.</summary>
    Update,

    /// <summary>It is destroyed and created again: what it holds is lost.</summary>
    Replace,

    /// <summary>It is destroyed.</summary>
    Destroy,

    /// <summary>It is only read.</summary>
    Read,

    /// <summary>Terraform no longer manages it; it stays.</summary>
    Forget,
}
