namespace WaterMeters.Ml.Foundation;

/// <summary>The module's folders in the user's profile.</summary>
public static class UserFolder
{
    /// <summary>The environment variable that names another cache folder.</summary>
    public const string CacheVariable = "WMS_CACHE_PATH";

    /// <summary>The module's folder in the local application data; null when the user has none.</summary>
    public static string? Root
    {
        get
        {
            string home = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return home.Length == 0 ? null : Path.Combine(home, "WaterMeters");
        }
    }

    /// <summary>
    /// Returns the cache folder: the one named by <see cref="CacheVariable"/>, else <see cref="Root"/>; null when there is neither.
    /// </summary>
    /// <param name="location">The folder that a relative name starts from.</param>
    public static string? Cache(string location)
    {
        string? named = Environment.GetEnvironmentVariable(CacheVariable);
        return string.IsNullOrWhiteSpace(named) ? Root : Path.GetFullPath(named, location);
    }
}
