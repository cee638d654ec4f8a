using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class FileLockTests
{
    [Fact]
    public void Lets_one_holder_in_at_a_time_and_leaves_no_file()
    {
        using var folder = new TempFolder();
        int inside = 0, most = 0, turns = 0;
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var taken = FileLock.Take(folder["a.lock"], TimeSpan.FromMinutes(1));
            Assert.NotNull(taken);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            turns++;
            Interlocked.Decrement(ref inside);
        });
        Assert.Equal((40, 1), (turns, most));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Returns_null_while_another_holds_it_and_takes_over_what_a_killed_process_left()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.lock"], "");
        using (FileLock.Take(folder["a.lock"], TimeSpan.Zero)!) Assert.Null(FileLock.Take(folder["a.lock"], TimeSpan.FromMilliseconds(1)));
        using var again = FileLock.Take(folder["a.lock"], TimeSpan.Zero);
        Assert.NotNull(again);
    }

    [Fact]
    public void Fails_in_a_folder_that_does_not_exist() =>
        Assert.ThrowsAny<IOException>(() => FileLock.Take(Path.Combine(Path.GetTempPath(), "no such folder", "a.lock"), TimeSpan.Zero));
}
