namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>The folder <c>split</c> of a data set: what is stored of the places of its photos, and of the decisions made on its test part.</summary>
public static class SplitFolder
{
    /// <summary>Its name, beside images and masks.</summary>
    public const string Name = "split";

    /// <summary>The file of the fractions.</summary>
    public const string FractionsFile = "fractions.json";

    /// <summary>The folder of the exceptions.</summary>
    public const string ExceptionsFolder = "photos";

    /// <summary>The folder of the decisions made on its test part; it need not be there.</summary>
    public static string DecisionsPathFor(string dataPath) => Path.Combine(PathFor(dataPath), "decisions");

    /// <summary>The folder of a data set; it need not be there.</summary>
    public static string PathFor(string dataPath) => Path.Combine(dataPath, Name);
}
