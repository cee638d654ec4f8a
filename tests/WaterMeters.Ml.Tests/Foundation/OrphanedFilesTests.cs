using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class OrphanedFilesTests
{
    /// <summary>No system has a process with this number.</summary>
    private const int Dead = 999_999_999;

    [Fact]
    public void Are_deleted_when_the_same_file_is_written()
    {
        using var folder = new TempFolder();
        string[] orphans = [$".a.txt.{Dead}-3.tmp", $".A.TXT.{Dead}-44.tmp"];
        string[] others =
        [
            $".b.txt.{Dead}-1.tmp", $".a.txt.{Environment.ProcessId}-99.tmp", $"a.txt.{Dead}-1.tmp", ".a.txt.tmp", $".a.txt.{Dead}-1.bak",
        ];
        foreach (string name in orphans.Concat(others)) File.WriteAllText(folder[name], "half");

        AtomicFile.WriteText(folder["a.txt"], "whole");

        Assert.Equal(
            others.Append("a.txt").Order(StringComparer.Ordinal),
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Are_kept_while_a_process_has_them_open()
    {
        using var folder = new TempFolder();
        string file = folder[$".a.txt.{Dead}-3.tmp"];
        using (new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            AtomicFile.WriteText(folder["a.txt"], "whole");
            Assert.True(File.Exists(file), "the process may run on another machine");
        }

        AtomicFile.WriteText(folder["a.txt"], "whole");
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("m [1] żółw.png")]
    [InlineData("long")]
    public void Are_found_by_the_name_of_their_file_even_when_it_is_long(string name)
    {
        using var folder = new TempFolder();
        if (name == "long") name = new string('ż', 125) + ".png";
        string temporary = OrphanedFiles.TemporaryPath(folder[name], 7);
        Assert.InRange(Encoding.UTF8.GetByteCount(Path.GetFileName(temporary)), 1, 255);
        string orphan = temporary.Replace($".{Environment.ProcessId}-", $".{Dead}-", StringComparison.Ordinal);
        File.WriteAllText(orphan, "half");

        AtomicFile.WriteUnflushed(folder[name], "whole"u8);
        Assert.True(File.Exists(orphan));
        AtomicFile.WriteText(folder[name], "whole");
        Assert.Equal(folder[name], Assert.Single(Directory.GetFiles(folder.Path)));
    }

    [Fact]
    public void Are_none_when_the_folder_does_not_exist() =>
        OrphanedFiles.InFolderContaining(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "a.txt")).Remove("a.txt");
}
