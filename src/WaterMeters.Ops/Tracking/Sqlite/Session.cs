using Microsoft.Data.Sqlite;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>An open transaction on a database.</summary>
internal sealed class Session(string path, SqliteConnection connection, string workspace) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);
    private Schema? schema;

    /// <summary>Path of the database file.</summary>
    public string Path => path;

    /// <summary>Workspace whose experiments and models are used, where a database has workspaces.</summary>
    public string Workspace => workspace;

    /// <summary>What the database has.</summary>
    public Schema Schema
    {
        get => schema ?? throw new InvalidOperationException("The schema was not read.");
        set => schema = value;
    }

    /// <summary>Executes a statement; returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Command(sql, values).ExecuteNonQuery();

    /// <summary>Executes a query and reads all rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = Command(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in commands.Values) command.Dispose();
    }

    // A batch executes the same few statements for each of its entries, so they stay prepared.
    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // all statements are constants of this room, all values are parameters
            command.CommandText = sql;
#pragma warning restore CA2100
            if (sql.Contains("$workspace", StringComparison.Ordinal)) command.Parameters.AddWithValue("$workspace", workspace);
            foreach (var (name, _) in values) command.Parameters.Add(new SqliteParameter { ParameterName = name });
            commands.Add(sql, command);
        }

        foreach (var (name, value) in values) command.Parameters[name].Value = value ?? DBNull.Value;
        return command;
    }
}
