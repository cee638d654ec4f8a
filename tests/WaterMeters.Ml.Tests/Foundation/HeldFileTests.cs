using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public sealed class HeldFileTests : IDisposable
{
    private const int Sharing = unchecked((int)0x80070020), Denied = unchecked((int)0x80070005);

    private readonly TempFolder folder = new();
    private readonly List<int> pauses = [];

    public static bool IsWindows => OperatingSystem.IsWindows();

    public static bool IsNotWine => !WindowsSystem.IsWine;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_step_is_done_again_while_a_virus_scanner_holds_the_file()
    {
        int attempts = 0;
        string done = Retry(
            changes: true, () => ++attempts < 4 ? throw new IOException("", attempts == 2 ? Denied : Sharing) : "done");

        Assert.Equal(("done", 4, 3), (done, attempts, pauses.Count));
    }

    [Fact]
    public void After_two_seconds_the_error_names_the_program()
    {
        var fault = new IOException("held", Sharing);
        var error = Assert.Throws<HeldFileException>(() => Retry<string>(changes: false, () => throw fault, "Excel"));

        Assert.Equal(("'C:\\a.csv' is open in Excel.", Sharing), (error.Message, error.HResult));
        Assert.Equal("held", error.InnerException!.Message);
        Assert.InRange(pauses.Sum(), 1500, 2500);
    }

    [Fact]
    public void A_denied_access_stays_one_unless_a_program_holds_the_file()
    {
        var denied = new UnauthorizedAccessException("Access is denied.") { HResult = Denied };
        Assert.Same(denied, Assert.Throws<UnauthorizedAccessException>(() => Retry<string>(changes: true, () => throw denied)));
        Assert.Contains("Excel", Assert.Throws<HeldFileException>(() => Retry<string>(changes: true, () => throw denied, "Excel")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Other_errors_end_it_at_once()
    {
        Assert.Throws<UnauthorizedAccessException>(
            () => Retry<string>(changes: false, () => throw new UnauthorizedAccessException("") { HResult = Denied }));
        var full = new IOException("disk full", unchecked((int)0x80070070));
        Assert.Throws<IOException>(() => Retry<string>(changes: true, () => throw full));
        Assert.Throws<InvalidDataException>(() => Retry<string>(changes: true, () => throw new InvalidDataException()));
        Assert.Empty(pauses);
    }

    [Fact]
    public void A_read_only_file_is_replaced_and_removed()
    {
        string file = ReadOnly("mask.png");
        AtomicFile.WriteText(file, "new");
        Assert.Equal("new", File.ReadAllText(file));
        HeldFile.Delete(ReadOnly("other.png"));
        HeldFile.Delete(folder["missing.png"]);
        Assert.Equal(file, Assert.Single(Directory.GetFiles(folder.Path)));
    }

    [Fact]
    public void A_read_only_file_that_must_not_be_replaced_is_an_error_that_says_so()
    {
        string file = ReadOnly("report.html");
        var error = Assert.Throws<UnauthorizedAccessException>(() => HeldFile.RequireReplaceable(file));
        Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
        File.SetAttributes(file, FileAttributes.Normal);
        HeldFile.RequireReplaceable(file);
        HeldFile.RequireReplaceable(folder["missing"]);

        // As a file of another user, of which the folder decides.
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        HeldFile.RequireReplaceable(file);
    }

    [Fact(SkipUnless = nameof(IsWindows), Skip = "Other systems have no such attribute.")]
    public void A_hidden_file_is_replaced_and_the_new_one_is_seen()
    {
        File.WriteAllText(folder["a.json"], "old");
        File.SetAttributes(folder["a.json"], FileAttributes.Hidden);
        AtomicFile.WriteText(folder["a.json"], "new");
        Assert.Equal("new", File.ReadAllText(folder["a.json"]));
        Assert.False(File.GetAttributes(folder["a.json"]).HasFlag(FileAttributes.Hidden));
    }

    [Fact(SkipUnless = nameof(IsNotWine), Skip = "Wine 8 replaces no file that is open, as Windows 10 and later do (FileRenameInfoEx).")]
    public void A_file_is_replaced_while_another_program_reads_it_and_that_one_keeps_the_old()
    {
        File.WriteAllText(folder["model"], "old");
        using (var reader = new StreamReader(HeldFile.OpenRead(folder["model"])))
        {
            AtomicFile.WriteText(folder["model"], "new");
            Assert.Equal("old", reader.ReadToEnd());
            Assert.Equal("new", HeldFile.ReadAllText(folder["model"]));
        }

        Assert.Equal(folder["model"], Assert.Single(Directory.GetFiles(folder.Path)));
    }

    [Fact]
    public void A_file_is_read_while_another_program_has_it_open_for_writing()
    {
        File.WriteAllText(folder["open.csv"], "a,b");
        using var excel = new FileStream(folder["open.csv"], FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        Assert.Equal("a,b", HeldFile.ReadAllText(folder["open.csv"]));
        Assert.Equal("a,b"u8.ToArray(), HeldFile.ReadAllBytes(folder["open.csv"]));
        Assert.Equal(FileHash.ComputeBytes("a,b"u8), FileHash.Compute(folder["open.csv"]));
    }

    [Fact(SkipUnless = nameof(IsWindows), Skip = "Other systems replace a file whoever has it open.")]
    public void A_file_that_is_held_stays_as_it_is_and_nothing_is_left_beside_it()
    {
        File.WriteAllText(folder["report.csv"], "old");
        using (new FileStream(folder["report.csv"], FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            var error = Assert.ThrowsAny<Exception>(() => AtomicFile.WriteText(folder["report.csv"], "new"));
            Assert.True(error is HeldFileException or UnauthorizedAccessException, error.ToString());
        }

        Assert.Equal("old", File.ReadAllText(folder["report.csv"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact(SkipUnless = nameof(IsWindows), Skip = "Other systems replace a file whoever has it open.")]
    public void A_file_that_is_released_in_time_is_replaced()
    {
        File.WriteAllText(folder["a.txt"], "old");
        File.WriteAllText(folder["b.txt"], "new");
        var holder = new FileStream(folder["a.txt"], FileMode.Open, FileAccess.Read, FileShare.None);
        HeldFile.Retry(
            folder["a.txt"],
            changes: true,
            () =>
            {
                File.Move(folder["b.txt"], folder["a.txt"], overwrite: true);
                return true;
            },
            _ => holder.Dispose(),
            _ => []);
        Assert.Equal("new", File.ReadAllText(folder["a.txt"]));
    }

    private string ReadOnly(string name)
    {
        File.WriteAllText(folder[name], "old");
        File.SetAttributes(folder[name], FileAttributes.ReadOnly);
        return folder[name];
    }

    private T Retry<T>(bool changes, Func<T> step, params string[] holders) =>
        HeldFile.Retry(@"C:\a.csv", changes, step, pauses.Add, _ => holders);

}
