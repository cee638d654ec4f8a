using System.Text;
using WaterMeters.Ops.Git;
using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Tests.Git.Pushes;

public class DataPathsTests
{
    [Theory]
    [InlineData("data/training/images/a.jpg", DataKind.Photo)]
    [InlineData("data/training/Images/a.JPG", DataKind.Photo)]
    [InlineData("Data/Training/masks/a.png", DataKind.Mask)]
    [InlineData("data/training/images/old/a.jpg", DataKind.NotInDataset)]
    [InlineData("data/training/a.webp", DataKind.NotInDataset)]
    [InlineData("data/training/images/a.heic", DataKind.NotRead)]
    [InlineData("data/training/images/._a.jpg", DataKind.NotRead)]
    [InlineData("data/training/images.dvc", DataKind.DvcFile)]
    [InlineData("models/unet.dvc", DataKind.DvcFile)]
    [InlineData(".dvc/config", DataKind.None)]
    [InlineData("data/training/.dvc", DataKind.None)]
    [InlineData("data/training2/images/a.jpg", DataKind.None)]
    [InlineData("data/training/notes.txt", DataKind.None)]
    [InlineData("docs/images/a.png", DataKind.None)]
    [InlineData("photos/images/a.png", DataKind.None)]
    public void A_named_data_set_decides(string path, object kind) => Assert.Equal(kind, KindOf("data/training", path));

    [Theory]
    [InlineData("data/new/images/a.jpg", DataKind.Photo)]
    [InlineData("data/a.jpg", DataKind.NotInDataset)]
    [InlineData("docs/images/a.png", DataKind.None)]
    [InlineData("photos/images/a.png", DataKind.Photo)]
    [InlineData("photos/masks/a.png", DataKind.Mask)]
    [InlineData("photos/a.png", DataKind.None)]
    [InlineData("images/a.png", DataKind.None)]
    public void Without_one_it_is_data_and_what_has_images_and_masks(string path, object kind) => Assert.Equal(kind, KindOf(null, path));

    [Theory]
    [InlineData("images/a.jpg", DataKind.Photo)]
    [InlineData("masks/a.png", DataKind.Mask)]
    [InlineData("docs/images/a.png", DataKind.None)]
    [InlineData("logo.png", DataKind.None)]
    public void A_data_set_at_the_top_is_its_two_folders(string path, object kind) => Assert.Equal(kind, KindOf("", path));

    [Theory]
    [InlineData("data", DataKind.Submodule)]
    [InlineData("data/training", DataKind.Submodule)]
    [InlineData("data/training/images", DataKind.Submodule)]
    [InlineData("lib/code", DataKind.None)]
    public void A_submodule_around_the_data_set_hides_it(string path, object kind)
    {
        var change = new TreeChange(Encoding.UTF8.GetBytes(path), null, new TreeEntry("160000", new string('1', 40)));
        Assert.True(DataPaths.MayBeData(change));
        Assert.Equal(kind, new DataPaths("data/training", _ => false).KindOf(change));
    }

    [Fact]
    public void What_may_be_data_is_told_by_the_name_alone()
    {
        Assert.True(DataPaths.MayBeData(Change("docs/images/a.png")));
        Assert.True(DataPaths.MayBeData(Change("a.HEIC")));
        Assert.True(DataPaths.MayBeData(Change("a.dvc")));
        Assert.False(DataPaths.MayBeData(Change("src/a.cs")));
    }

    [Fact]
    public void The_stored_split_belongs_to_its_data_set()
    {
        Assert.True(DataPaths.IsSplit("data/split/a.json", "data"));
        Assert.True(DataPaths.IsSplit("split/a.json", ""));
        Assert.False(DataPaths.IsSplit("data2/split/a.json", "data"));
        Assert.False(DataPaths.IsSplit("data/split.json", "data"));
    }

    private static DataKind KindOf(string? folder, string path) => new DataPaths(folder, root => root == "photos").KindOf(Change(path));

    private static TreeChange Change(string path) =>
        new(Encoding.UTF8.GetBytes(path), null, new TreeEntry("100644", new string('1', 40)));
}
