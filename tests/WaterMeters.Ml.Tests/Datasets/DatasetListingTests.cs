using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets;

public class DatasetListingTests
{
    [Fact]
    public void Pairs_by_name_without_extension_in_any_case_and_any_alphabet()
    {
        using var set = new DatasetFolder();
        set.Photo("a.JPG").Mask("A.png").Photo("b[1] x.jpeg").Mask("b[1] x.jpg").Photo("żółw_水.PNG").Mask("żółw_水.jpeg");
        set.Text("images", "notes.txt", "no photo").Text("masks", ".gitkeep", "");

        var listing = DatasetListing.Read(set.Path);

        Assert.Equal(["a", "b[1] x", "żółw_水"], listing.Pairs.Select(p => p.Name));
        string[] masks = [set["masks", "A.png"], set["masks", "b[1] x.jpg"], set["masks", "żółw_水.jpeg"]];
        Assert.Equal(masks, listing.Pairs.Select(p => p.MaskPath));
        Assert.Equal((3, 3), (listing.ImageCount, listing.MaskCount));
        Assert.Empty(listing.PhotosWithoutMask.Concat(listing.MasksWithoutPhoto));
        Assert.Empty(listing.DuplicateNames);
    }

    [Fact]
    public void Lists_unpaired_files_and_duplicate_names()
    {
        using var set = new DatasetFolder();
        set.Photo("lone.jpg").Mask("other.png").Pair("twin").Photo("twin.jpg").Photo("TWIN.jpeg");

        var listing = DatasetListing.Read(set.Path);

        Assert.Equal([set["images", "lone.jpg"]], listing.PhotosWithoutMask);
        Assert.Equal([set["masks", "other.png"]], listing.MasksWithoutPhoto);
        Assert.Equal(3, Assert.Single(listing.DuplicateNames).Count);
        Assert.Single(listing.Pairs);
        Assert.Equal((4, 2), (listing.ImageCount, listing.MaskCount));
    }

    [Fact]
    public void Finds_its_two_folders_in_any_case_and_names_the_missing_one()
    {
        using var folder = new TempFolder();
        Assert.Contains("no folder 'images'", Refusal(() => DatasetListing.Read(folder.Path)), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["Images"]);
        Assert.Contains("no folder 'masks'", Refusal(() => DatasetListing.Read(folder.Path)), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["MASKS"]);
        Assert.Empty(DatasetListing.Read(folder.Path).Pairs);
        Assert.Contains("does not exist", Refusal(() => DatasetListing.Read(folder["none"])), StringComparison.Ordinal);
        string empty = Refusal(() => DatasetContents.Read(folder.Path, null, CancellationToken.None));
        Assert.Contains("no pair", empty, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_file_and_a_folder_that_cannot_be_listed()
    {
        using var set = new DatasetFolder();
        set.Pair("a");
        Assert.Contains("is a file", Refusal(() => DatasetListing.Read(set["images", "a.png"])), StringComparison.Ordinal);

        // Root can list every folder, so the folder that cannot be listed is a file.
        var error = Assert.Throws<DatasetException>(() => DatasetListing.ListPhotos(set["images", "a.png"]));
        Assert.Equal(set["images", "a.png"], error.Path);
        Assert.Contains("Cannot list the folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_digest_of_the_contents_depends_on_the_photos_and_not_on_their_names()
    {
        using var set = new DatasetFolder();
        set.Pair("a").Pair("b").Pair("c");
        var before = DatasetContents.Read(set.Path, null, CancellationToken.None);
        File.Move(set["images", "a.png"], set["images", "z.png"]);
        File.Move(set["masks", "a.png"], set["masks", "z.png"]);
        var renamed = DatasetContents.Read(set.Path, null, CancellationToken.None);
        set.Pair("d");
        var more = DatasetContents.Read(set.Path, null, CancellationToken.None);

        Assert.Equal((before.Digest, before.SplitDigest), (renamed.Digest, renamed.SplitDigest));
        Assert.NotEqual(before.Digest, more.Digest);
        Assert.NotEqual(before.Digest, before.SplitDigest);
        Assert.All(before.Pairs, p => Assert.Equal(p.Split, more.Pairs.Single(m => m.Hash == p.Hash).Split));
        Assert.Equal(more.Pairs.Count, Enum.GetValues<DatasetSplit>().Sum(s => more.Part(s).Count));
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetContents.Read(set.Path, null, new CancellationToken(true)));
    }

    [Fact]
    public void The_reader_returns_size_coverage_and_part_of_each_pair_or_its_error()
    {
        using var set = new DatasetFolder();
        set.Pair("a").Photo("b.jpg", 50, 60).Mask("b.png", 300, 50, 60).Photo("c.png").Text("masks", "c.png", "no image");

        var all = DatasetReader.ReadAll(set.Path, new SplitRule(new SplitFractions(1, 0)), CancellationToken.None).ToList();

        Assert.Equal([true, true, false], all.Select(r => r.Sample is not null));
        Assert.Equal(set["masks", "c.png"], all[2].Failure!.Path);
        var b = all[1].Sample!;
        Assert.Equal((50, 60, 50, 60, 0.1), (b.Width, b.Height, b.MaskWidth, b.MaskHeight, b.Coverage));
        Assert.Equal((DatasetSplit.Train, FileHash.Compute(set["images", "b.jpg"])), (b.Split, b.Hash));
    }

    private static string Refusal(Func<object> read) => Assert.Throws<DatasetException>(() => { read(); }).Message;
}
