using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class FileHoldersTests
{
    [Fact]
    public void The_list_of_the_Restart_Manager_gives_names_and_processes()
    {
        byte[] infos = [.. Info(4812, "Microsoft Excel"), .. Info(77, ""), .. Info(Environment.ProcessId, "pwsh")];
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(["Microsoft Excel (process 4812)", "process 77", $"this session (process {own})"], FileHolders.Parse(infos));
        Assert.Empty(FileHolders.Parse([]));
        Assert.Single(FileHolders.Parse(infos.AsSpan(0, 2 * 668 - 1)));
    }

    [Fact]
    public void One_sentence_names_the_file_and_at_most_three_programs()
    {
        Assert.Equal("'a.csv' is open in Excel (process 1).", FileHolders.Sentence("a.csv", ["Excel (process 1)"]));
        Assert.Equal("'a.csv' is open in a, b, c and 2 more.", FileHolders.Sentence("a.csv", ["a", "b", "c", "d", "e"]));
        Assert.Equal(
            "'a.csv' is open in another program, such as an editor, a viewer or a virus scanner.", FileHolders.Sentence("a.csv", []));
    }

    [Fact]
    public void A_file_that_no_one_holds_has_no_holders()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a"], "");
        Assert.Empty(FileHolders.Of(folder["a"]));
        Assert.Empty(FileHolders.Of(folder["missing"]));
        Assert.Empty(FileHolders.Of(folder.Path));
    }

    private static byte[] Info(int process, string name)
    {
        byte[] info = new byte[668];
        BinaryPrimitives.WriteInt32LittleEndian(info, process);
        Encoding.Unicode.GetBytes(name, info.AsSpan(12));
        return info;
    }
}
