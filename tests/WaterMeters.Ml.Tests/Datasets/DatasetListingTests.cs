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
        Assert.Equal([set["masks", "A.png"], set["masks", "b[1] x.jpg"], set["masks", "żółw_水.jpeg"]], listing.Pairs.Select(p => p.MaskPath));
        Assert.Equal((3, 3), (listing.ImageCount, listing.MaskCount));
        Assert.Empty(listing.PhotosWithoutMask.Concat(listing.MasksWithoutPhoto));
        Assert.Empty(listing.DuplicateNames);
    }

    [Fact]
    public void Names_orphans_and_duplicates()
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
    public void Finds_its_two_folders_in_any_case_and_says_which_is_missing()
    {
        using var folder = new TempFolder();
        Assert.Contains("images", Assert.Throws<DatasetException>(() => DatasetListing.Read(folder.Path)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["Images"]);
        Assert.Contains("masks", Assert.Throws<DatasetException>(() => DatasetListing.Read(folder.Path)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["MASKS"]);
        Assert.Empty(DatasetListing.Read(folder.Path).Pairs);
        Assert.Contains("no folder", Assert.Throws<DatasetException>(() => DatasetListing.Read(folder["none"])).Message, StringComparison.Ordinal);
        Assert.Contains("no pair", Assert.Throws<DatasetException>(() => DatasetContents.Read(folder.Path, null, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_file_is_no_folder_and_that_a_folder_cannot_be_listed()
    {
        using var set = new DatasetFolder();
        set.Pair("a");
        Assert.Contains("is a file", Assert.Throws<DatasetException>(() => DatasetListing.Read(set["images", "a.png"])).Message, StringComparison.Ordinal);

        // Root lists everything, so the folder that cannot be listed is one that is a file.
        var error = Assert.Throws<DatasetException>(() => DatasetListing.Photos(set["images", "a.png"]));
        Assert.Equal(set["images", "a.png"], error.Path);
        Assert.Contains("cannot be listed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Contents_have_a_digest_of_what_the_photos_hold_and_not_of_their_names()
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
    public void Reader_tells_size_coverage_and_part_of_each_pair_and_which_cannot_be_read()
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
}
