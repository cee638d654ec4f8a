namespace WaterMeters.Ops.Git.Pushes;

/// <summary>A change of training data.</summary>
/// <param name="Change">The changed file.</param>
/// <param name="Kind">What it is.</param>
internal sealed record DataChange(TreeChange Change, DataKind Kind)
{
    /// <summary>Its path from the top of the repository.</summary>
    public string Path => Change.Path;

    /// <summary>Whether the file was removed.</summary>
    public bool IsRemoval => Change.New is null;
}
