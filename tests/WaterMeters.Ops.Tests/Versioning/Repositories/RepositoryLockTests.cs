using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Tests.Versioning.Repositories;

public class RepositoryLockTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Is_held_once()
    {
        using var repository = new TestRepository();
        using (Take(repository, "data"))
        {
            var e = Assert.Throws<DatasetVersionException>(() => Take(repository, "data"));
            Assert.Equal(DatasetVersionFault.Locked, e.Fault);
            Assert.Contains(Path.Combine(".dvc", "tmp", "lock"), e.Message, StringComparison.Ordinal);
        }

        Take(repository, "data").Dispose();
    }

    public static bool HasPython { get; } = OperatingSystem.IsLinux() && File.Exists("/usr/bin/python3");

    [Fact(SkipUnless = nameof(HasPython), Skip = "Python is not installed.")]
    public void Is_the_lock_that_DVC_takes()
    {
        // As zc.lockfile does, with which DVC locks.
        const string Holder = """
            import fcntl, os, sys
            file = open(sys.argv[1], "a+")
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.seek(0); file.truncate(); file.write(" %s\n" % os.getpid()); file.flush()
            print("held", flush=True)
            sys.stdin.read()
            """;
        using var repository = new TestRepository();
        string path = Path.Combine(repository.Read().CreateTemporaryFolder(), "lock");
        using var other = Process.Start(new ProcessStartInfo("python3", ["-c", Holder, path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        var e = Assert.Throws<DatasetVersionException>(() => Take(repository, "data"));
        Assert.Equal(DatasetVersionFault.Locked, e.Fault);
        other.StandardInput.Close();
        other.WaitForExit();

        using (Take(repository, "data"))
        {
            using var second = Process.Start(new ProcessStartInfo("python3", ["-c", Holder, path]) { RedirectStandardError = true })!;
            Assert.Contains("BlockingIOError", second.StandardError.ReadToEnd(), StringComparison.Ordinal);
            second.WaitForExit();
            Assert.Equal(1, second.ExitCode);
        }
    }

    [Fact]
    public void Respects_a_living_process_of_DVC_and_removes_dead_ones()
    {
        using var repository = new TestRepository();
        string path = repository["data", "images"], living = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        const int Dead = int.MaxValue - 1;
        void Lock(string other)
        {
            var dead = new JsonObject { ["pid"] = Dead, ["cmd"] = "dvc pull" };
            var alive = new JsonObject { ["pid"] = Environment.ProcessId, ["cmd"] = "dvc add" };
            var locks = new JsonObject
            {
                ["read"] = new JsonObject { [path] = new JsonArray(dead) },
                ["write"] = new JsonObject { [other] = alive },
            };
            File.WriteAllText(Path.Combine(repository.Read().CreateTemporaryFolder(), "rwlock"), locks.ToJsonString());
        }

        Lock(repository["data", "images", "sub"]);
        var e = Assert.Throws<DatasetVersionException>(() => Take(repository, Path.Combine("data", "images")));
        Assert.Equal(DatasetVersionFault.Locked, e.Fault);
        Assert.Contains($"process {living} (dvc add)", e.Message, StringComparison.Ordinal);

        Lock(repository["data", "images2"]);
        Take(repository, Path.Combine("data", "images")).Dispose();
        var left = JsonNode.Parse(File.ReadAllText(repository[".dvc", "tmp", "rwlock"]))!.AsObject();
        Assert.Equal(["write"], left.Select(mode => mode.Key));
    }

    [Fact]
    public void Says_that_a_damaged_list_of_locks_can_be_deleted()
    {
        using var repository = new TestRepository();
        File.WriteAllText(Path.Combine(repository.Read().CreateTemporaryFolder(), "rwlock"), "{");
        Assert.Equal(DatasetVersionFault.Unusable, Assert.Throws<DatasetVersionException>(() => Take(repository, "data")).Fault);
    }

    private static RepositoryLock Take(TestRepository repository, string path) =>
        RepositoryLock.Take(repository.Read(), [repository[path]], Stop, TimeSpan.Zero);
}
