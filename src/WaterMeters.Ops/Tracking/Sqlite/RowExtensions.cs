using Microsoft.Data.Sqlite;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>Reads columns that may be empty.</summary>
internal static class RowExtensions
{
    /// <summary>Text; empty for NULL.</summary>
    public static string TextOrEmpty(this SqliteDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetString(column);

    /// <summary>Number; 0 for NULL.</summary>
    public static long NumberOrZero(this SqliteDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetInt64(column);
}
