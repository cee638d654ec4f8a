using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Machines;

/// <summary>The file in the user's cache with the prices that were read from AWS.</summary>
internal static class PriceFile
{
    /// <summary>Returns its path.</summary>
    /// <param name="cache">The user's cache folder (<see cref="UserFolder.Cache"/>).</param>
    /// <param name="endpoint">Where the services are if not at Amazon: the prices of another service are no prices of Amazon.</param>
    public static string Path(string cache, Uri? endpoint) => System.IO.Path.Combine(
        cache, "prices", endpoint is null ? "aws.csv" : string.Concat($"{endpoint.Host}-{endpoint.Port}.csv".Select(
            letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_')));

    /// <summary>Adds prices to the file, and returns all.</summary>
    /// <param name="path">The file; null: they are not kept.</param>
    /// <param name="region">Their region.</param>
    /// <param name="read">The prices, by name.</param>
    public static MachinePrices Add(string? path, string region, IReadOnlyDictionary<string, Price> read)
    {
        try
        {
            if (path is not null) MachinePrices.Write(path, region, read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written: they count now, and are read again the next time.
        }

        return MachinePrices.Read(path).With(region, read);
    }
}
