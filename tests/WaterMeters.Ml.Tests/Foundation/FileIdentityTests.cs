using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public sealed class FileIdentityTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "This system makes no links.")]
    public void The_same_file_is_found_through_links_of_files_and_folders()
    {
        string real = Directory.CreateDirectory(folder["real"]).FullName, file = Path.Combine(real, "a.png");
        File.WriteAllText(file, "a");
        File.WriteAllText(Path.Combine(real, "b.png"), "a");
        Link("link", "real");
        Link("deep", "link");
        Assert.True(FileIdentity.IsSame(real, folder["link"]));
        Assert.True(FileIdentity.IsSame(real, folder["deep"] + Path.DirectorySeparatorChar));
        Assert.True(FileIdentity.IsSame(file, Path.Combine(folder["deep"], "a.png")));
        Assert.False(FileIdentity.IsSame(file, Path.Combine(folder["deep"], "b.png")));
        Assert.NotNull(FileIdentity.Of(file));
        Assert.NotNull(FileIdentity.Of(real));
        Assert.Null(FileIdentity.Of(folder["missing"]));
    }

    [Fact(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "This system makes no links.")]
    public void A_file_that_does_not_exist_is_compared_by_its_folder_and_name()
    {
        Directory.CreateDirectory(folder["real"]);
        Link("link", "real");
        Assert.True(FileIdentity.IsSame(folder["real", "new.png"], folder["link", "NEW.png"]));
        Assert.True(FileIdentity.IsSame(Path.Combine(folder["real"], "x", "new.png"), Path.Combine(folder["link"], "x", "new.png")));
        Assert.False(FileIdentity.IsSame(folder["real", "new.png"], folder["link", "other.png"]));
        Assert.False(FileIdentity.IsSame(folder["real", "new.png"], folder["elsewhere", "new.png"]));
    }

    [Fact(SkipUnless = nameof(Links.AreMade), SkipType = typeof(Links), Skip = "This system makes no links.")]
    public void A_path_is_inside_a_folder_also_through_a_link_to_a_folder_in_it()
    {
        Directory.CreateDirectory(Path.Combine(folder["real"], "images", "old"));
        Link("link", Path.Combine("real", "images", "old"));
        string images = Path.Combine(folder["real"], "images");
        Assert.True(FileIdentity.IsInside(folder["link"], images));
        Assert.True(FileIdentity.IsInside(Path.Combine(folder["link"], "new", "deeper"), images));
        Assert.True(FileIdentity.IsInside(images, images));
        Assert.False(FileIdentity.IsInside(folder["real"], images));
        Assert.False(FileIdentity.IsInside(folder["elsewhere"], images));
    }

    private void Link(string name, string target) => Links.Folder(folder[name], folder[target]);
}
