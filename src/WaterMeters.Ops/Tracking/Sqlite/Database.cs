using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace WaterMeters.Ops.Tracking.Sqlite;

/// <summary>
/// An MLflow database file that several processes use at once. Each call opens the file, does its work in one transaction and closes it,
/// so the file can be moved or deleted between calls, and newer software may change its schema at any time.
/// </summary>
/// <remarks>
/// The journal mode stays what the file has: MLflow never changes it, so it is the rollback journal unless somebody chose otherwise. A
/// write-ahead log would need shared memory, which network drives do not have, and two more files that people forget to copy.
/// </remarks>
internal sealed class Database(string path, string workspace)
{
    /// <summary>
    /// How long a call waits for other processes. MLflow waits 20 s; one that migrates a large database holds it for longer.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // SQLite waits this long by itself; in between, a call can be cancelled.
    private const int MillisecondsOfOneWait = 250;

    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    static Database() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Path of the file.</summary>
    public string Path => path;

    /// <summary>Reads in one transaction, which sees the database as it was at one moment.</summary>
    /// <param name="work">The work; it is repeated when another process is in the way.</param>
    /// <param name="empty">The result if there is no database yet.</param>
    /// <param name="stop">Stops the waiting.</param>
    public T Read<T>(Func<Session, T> work, Func<T> empty, CancellationToken stop)
    {
        if (!File.Exists(path)) return empty();
        return Run(SqliteOpenMode.ReadWrite, "BEGIN DEFERRED", session =>
        {
            if (Schema.Read(session) is not { } schema) return empty();
            schema.Check(write: false);
            session.Schema = schema;
            return work(session);
        }, stop);
    }

    /// <summary>Writes in one transaction; creates the database, with MLflow's experiment 0, if there is none.</summary>
    /// <param name="work">The work; it is repeated when another process is in the way.</param>
    /// <param name="stop">Stops the waiting, and the work before it is committed.</param>
    public T Write<T>(Func<Session, T> work, CancellationToken stop) =>
        Run(SqliteOpenMode.ReadWriteCreate, "BEGIN IMMEDIATE", session =>
        {
            var schema = Schema.Read(session);
            if (schema is null)
            {
                foreach (string statement in SchemaText.Statements) session.Execute(statement);
                schema = Schema.Read(session)!;
                session.Schema = schema;
                ExperimentTable.InsertDefault(session);
            }

            schema.Check(write: true);
            session.Schema = schema;
            return work(session);
        }, stop);

    private T Run<T>(SqliteOpenMode mode, string begin, Func<Session, T> work, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return Once(mode, begin, work, stop);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is Busy or Locked && Stopwatch.GetElapsedTime(start) < Patience)
            {
                // The next attempt waits inside SQLite, in small steps.
            }
            catch (SqliteException e)
            {
                throw Translate(e);
            }
        }
    }

    private T Once<T>(SqliteOpenMode mode, string begin, Func<Session, T> work, CancellationToken stop)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false, // a pool would keep the file open
            ForeignKeys = true,
            DefaultTimeout = 1, // seconds, the least; the waiting is in Run
        }.ToString());
        connection.Open();
        using var session = new Session(path, connection, workspace);
        session.Execute($"PRAGMA busy_timeout = {MillisecondsOfOneWait}");
        session.Execute(begin);
        var result = work(session); // an exception closes the connection, which rolls back
        stop.ThrowIfCancellationRequested();
        session.Execute("COMMIT");
        return result;
    }

    private TrackingException Translate(SqliteException e) => e.SqliteErrorCode switch
    {
        Busy or Locked => new(
            TrackingFault.Busy,
            path,
            $"Other processes kept '{path}' locked for {Patience.TotalSeconds:0} s. Try again; if nothing else uses it, look for a "
                + "process that hangs while it has the file open.",
            e),
        CannotOpen => new(
            TrackingFault.Unreachable,
            path,
            $"Cannot open or create '{path}'. Check that its folder exists and that you may write to it.",
            e),
        ReadOnly => new(
            TrackingFault.Refused,
            path,
            $"'{path}' is read-only. Give yourself write access to it and to its folder, or set MLFLOW_TRACKING_URI to another store.",
            e),
        Full => new(TrackingFault.Refused, path, $"The disk of '{path}' is full. Free some space and try again.", e),
        NotADatabase or Corrupt => new(
            TrackingFault.Damaged,
            path,
            $"'{path}' is damaged or not an SQLite database ({e.Message}). Restore it from a backup, or set "
                + "MLFLOW_TRACKING_URI to another store.",
            e),
        InputOutput => new(
            TrackingFault.Unreachable, path, $"Cannot read or write '{path}' ({e.Message}). Check the disk or the network drive.", e),
        _ => new(TrackingFault.Refused, path, $"'{path}' refused a change: {e.Message}", e),
    };
}
