using Microsoft.Data.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>Looks into a database without the store.</summary>
internal static class RawDatabase
{
    /// <summary>Executes a query; each row as its values, with NULL as null.</summary>
    public static List<object?[]> Rows(string path, string sql, bool write = false)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = write ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            object[] values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add([.. values.Select(value => value is DBNull ? null : value)]);
        }

        return rows;
    }

    /// <summary>Executes statements.</summary>
    public static void Execute(string path, string sql) => Rows(path, sql, write: true);

    /// <summary>Texts of the first column.</summary>
    public static string[] Texts(string path, string sql) => [.. Rows(path, sql).Select(row => $"{row[0]}")];

    /// <summary>Demands a database without damage and without references to missing rows.</summary>
    public static void AssertIntact(string path)
    {
        Assert.Equal(["ok"], Texts(path, "PRAGMA integrity_check"));
        Assert.Empty(Rows(path, "PRAGMA foreign_key_check"));
    }

    /// <summary>Copies one of MLflow's own stores to a folder; returns the path of its database.</summary>
    public static string CopyGolden(string version, string folder)
    {
        string source = Path.GetDirectoryName(SharedFolder.Golden("mlflow", $"local-{version}", "mlflow.db"))!;
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file)); // not copied: the originals may be read-only
        }

        return Path.Combine(folder, "mlflow.db");
    }
}
