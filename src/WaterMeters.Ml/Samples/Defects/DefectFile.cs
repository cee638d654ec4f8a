namespace WaterMeters.Ml.Samples.Defects;

/// <summary>A file of a pair with a defect.</summary>
/// <param name="Folder">Folder name: images or masks.</param>
/// <param name="Extension">File extension with its dot.</param>
/// <param name="Content">Bytes of the file.</param>
internal sealed record DefectFile(string Folder, string Extension, byte[] Content)
{
    /// <summary>Suffix of the names of a second pair.</summary>
    public const string SecondPairSuffix = "-second";

    /// <summary>Whether the file belongs to the second pair, which a duplicate needs.</summary>
    public bool IsSecond { get; init; }

    /// <summary>Whether its name is in upper case.</summary>
    public bool IsUpperCase { get; init; }

    /// <summary>Returns the file name without extension for the name of a defect.</summary>
    public string NameFor(string defect)
    {
        string name = IsSecond ? defect + SecondPairSuffix : defect;
        return IsUpperCase ? name.ToUpperInvariant() : name;
    }

    /// <summary>Returns the same file for the second pair.</summary>
    public DefectFile AsSecond() => this with { IsSecond = true };
}
