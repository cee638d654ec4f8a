namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Addresses of MLflow databases, as MLflow and SQLAlchemy write them.</summary>
/// <remarks>
/// What follows <c>sqlite:///</c> is the path as it is, without escapes: <c>sqlite:///mlflow.db</c> is relative,
/// <c>sqlite:////srv/mlflow.db</c> absolute, as is <c>sqlite:///C:/water/mlflow.db</c>. A question mark ends the path.
/// </remarks>
public static class SqliteAddress
{
    /// <summary>MLflow's own name for its database; its artifacts are beside it in <c>mlruns</c>.</summary>
    public const string DefaultFile = "mlflow.db";

    private const string Scheme = "sqlite";

    /// <summary>Whether a text is such an address.</summary>
    public static bool IsOne(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        int end = address.IndexOf(':', StringComparison.Ordinal);
        if (end < 0) return false;
        var scheme = address.AsSpan(0, end);
        int driver = scheme.IndexOf('+'); // sqlite+pysqlite
        return (driver < 0 ? scheme : scheme[..driver]).Equals(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns the absolute path of the database file.</summary>
    /// <param name="address">The address.</param>
    /// <param name="folder">Absolute path of the folder that a relative address starts from.</param>
    /// <exception cref="TrackingException"><see cref="TrackingFault.UnsupportedAddress"/>: not an address of a file.</exception>
    public static string PathOf(string address, string folder)
    {
        if (!IsOne(address)) throw Unsupported(address);
        string rest = address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (!rest.StartsWith("///", StringComparison.Ordinal)) throw Unsupported(address);
        string path = rest[3..];
        if (path.IndexOf('?', StringComparison.Ordinal) is var query and >= 0) path = path[..query];
        if (path.Length == 0 || path.StartsWith(':') || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw Unsupported(address); // in memory, or SQLite's own addresses
        }

        try
        {
            return Path.GetFullPath(path, folder);
        }
        catch (ArgumentException e)
        {
            throw Unsupported(address, e);
        }
    }

    /// <summary>Returns the address of a database file.</summary>
    /// <param name="path">Its absolute path, without a question mark.</param>
    public static string Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return $"{Scheme}:///{(OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path)}";
    }

    private static TrackingException Unsupported(string address, Exception? inner = null) => new(
        TrackingFault.UnsupportedAddress,
        address,
        $"'{address}' is not the address of a database file. Write it as sqlite:///mlflow.db (in the current folder), "
            + "sqlite:////srv/water/mlflow.db or sqlite:///C:/water/mlflow.db.",
        inner);
}
