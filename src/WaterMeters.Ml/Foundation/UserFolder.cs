namespace WaterMeters.Ml.Foundation;

/// <summary>Where the user's own data lie.</summary>
public static class UserFolder
{
    /// <summary>The environment variable that names another folder for what can be made again.</summary>
    public const string CacheVariable = "WMS_CACHE_PATH";

    /// <summary>The module's folder below the local application data; null when the user has no such place.</summary>
    public static string? Own
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return home.Length == 0 ? null : Path.Combine(home, "WaterMeters");
        }
    }

    /// <summary>The folder for what can be made again: the one that the variable names, else the user's own; null where there is neither.</summary>
    /// <param name="location">What a relative name starts from.</param>
    public static string? Cache(string location)
    {
        string? named = Environment.GetEnvironmentVariable(CacheVariable);
        return string.IsNullOrWhiteSpace(named) ? Own : Path.GetFullPath(named, location);
    }
}
