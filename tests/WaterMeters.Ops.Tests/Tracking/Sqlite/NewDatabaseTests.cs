using System.Text.RegularExpressions;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>A new database is the one that MLflow 2.8 makes.</summary>
public partial class NewDatabaseTests(ITestOutputHelper output)
{
    [Fact]
    public void Equals_MLflows_own_table_by_table_column_by_column_key_by_key()
    {
        string golden = SharedFolder.Golden("mlflow", "empty-acf3f17fdcc7.db");
        using var temp = new TempFolder();
        string ours = temp["mlflow.db"];
        using var store = new SqliteTrackingStore(ours);
        store.GetOrCreateExperiment("meters", TestContext.Current.CancellationToken);

        const string Tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        string[] tables = RawDatabase.Texts(golden, Tables);
        Assert.Equal(16, tables.Length);
        Assert.Equal(tables, RawDatabase.Texts(ours, Tables));
        int columns = 0, indices = 0;
        foreach (string table in tables)
        {
            columns += Lines(golden, $"PRAGMA table_info({table})").Length;
            indices += Indices(golden, table).Length;
            foreach (string what in new[] { "table_info", "foreign_key_list" })
            {
                Assert.Equal(Lines(golden, $"PRAGMA {what}({table})"), Lines(ours, $"PRAGMA {what}({table})"));
            }

            string sql = $"SELECT sql FROM sqlite_master WHERE name = '{table}'";
            Assert.Equal(Parts(RawDatabase.Texts(golden, sql)[0]), Parts(RawDatabase.Texts(ours, sql)[0]));
            Assert.Equal(Indices(golden, table), Indices(ours, table));
        }

        Assert.Equal(
            RawDatabase.Texts(golden, "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"),
            RawDatabase.Texts(ours, "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"));
        Assert.Equal(
            RawDatabase.Texts(golden, "SELECT version_num FROM alembic_version"),
            RawDatabase.Texts(ours, "SELECT version_num FROM alembic_version"));
        foreach (string setting in new[] { "journal_mode", "page_size", "encoding", "user_version", "application_id", "auto_vacuum" })
        {
            Assert.Equal(RawDatabase.Texts(golden, $"PRAGMA {setting}"), RawDatabase.Texts(ours, $"PRAGMA {setting}"));
        }

        output.WriteLine(FormattableString.Invariant(
            $"figure: {tables.Length} tables, {columns} columns and {indices} keys and indices of a new database equal MLflow's"));
    }

    [Fact]
    public void Has_MLflows_experiment_0()
    {
        using var temp = new TempFolder();
        string ours = temp["mlflow.db"];
        using var store = new SqliteTrackingStore(ours);
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal(new("1", "meters", "mlruns/1"), store.GetOrCreateExperiment("meters", stop));
        Assert.Equal(
            ["0 Default mlruns/0 active", "1 meters mlruns/1 active"],
            Lines(ours, "SELECT experiment_id || ' ' || name || ' ' || artifact_location || ' ' || lifecycle_stage FROM experiments"));
        Assert.Equal(["Default", "meters"], store.ListExperiments(stop).Select(experiment => experiment.Name));
        RawDatabase.AssertIntact(ours);
    }

    // A statement's columns and constraints, whatever their order, spaces and quotes.
    private static string[] Parts(string sql)
    {
        string text = Spaces().Replace(sql.Replace("\"", ""), " ").Replace("FOREIGN KEY (", "FOREIGN KEY(");
        string body = text[(text.IndexOf('(') + 1)..text.LastIndexOf(')')];
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (int i = 0; i <= body.Length; i++)
        {
            if (i == body.Length || (body[i] == ',' && depth == 0))
            {
                parts.Add(body[start..i].Trim().ToUpperInvariant());
                start = i + 1;
            }
            else
            {
                depth += body[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }

        // The order of the values in a CHECK says nothing, nor does that of the constraints.
        return [.. parts.Order(StringComparer.Ordinal)];
    }

    private static string[] Indices(string path, string table) =>
    [
        .. from index in RawDatabase.Rows(path, $"SELECT name, \"unique\", origin, partial FROM pragma_index_list('{table}')")
           let columns = RawDatabase.Texts(
               path, $"SELECT coalesce(name, '') || ' ' || \"desc\" || ' ' || coll FROM pragma_index_xinfo('{index[0]}')")
           let name = $"{index[2]}" == "c" ? index[0] : "" // SQLite numbers those that belong to keys
           orderby $"{name}", string.Join(',', columns)
           select $"{name} {index[1]} {index[2]} {index[3]}: {string.Join(", ", columns)}",
    ];

    private static string[] Lines(string path, string sql) => [.. RawDatabase.Rows(path, sql).Select(row => string.Join('|', row))];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
