using System.Security.Cryptography;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Feeds;
using static WaterMeters.Ops.Tests.Feeds.FakeFeed.Fault;

namespace WaterMeters.Ops.Tests.Feeds;

public class PackageFeedTests
{
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(400_000);
    private static readonly string Sha512 = Convert.ToBase64String(SHA512.HashData(Bytes));
    private static readonly RuntimePackage Package = new() { Platform = "linux-x64", Id = "Some-Package", Version = "1.2.3" };
    private static readonly DownloadOptions Impatient = new() { Pause = TimeSpan.Zero, Attempts = 3 };

    [Fact]
    public void Downloads_a_package_by_the_services_the_feed_names()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes);
        string file = Download(server, folder);
        Assert.Equal(Bytes, File.ReadAllBytes(file));
        Assert.Equal([""], server.Ranges);
    }

    [Fact]
    public void Goes_on_where_the_connection_was_cut()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, CutInTheMiddle, CutInTheMiddle, Busy);
        var told = new List<long>();
        string file = Download(server, folder, report: p => told.Add(p.Bytes));
        Assert.Equal(Bytes, File.ReadAllBytes(file));
        Assert.Equal(["", "bytes=200000-", "bytes=300000-", "bytes=300000-"], server.Ranges);
        Assert.Contains(Bytes.Length, told);
    }

    [Fact]
    public void Goes_on_with_what_an_earlier_process_left()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["package.partial"], Bytes[..100_000]);
        using var server = new FakeFeed(Bytes);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder)));
        Assert.Equal(["bytes=100000-"], server.Ranges);
    }

    [Fact]
    public void Downloads_nothing_again_when_all_of_it_is_there()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["package.partial"], Bytes);
        using var server = new FakeFeed(Bytes);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder)));
        Assert.Equal(["bytes=400000-"], server.Ranges);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(400_000)]
    [InlineData(500_000)]
    public void Begins_again_when_what_was_left_is_of_another_file(int length)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["package.partial"], new byte[length]);
        using var server = new FakeFeed(Bytes);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder)));
        Assert.Equal("", server.Ranges[^1]);
    }

    [Fact]
    public void Begins_again_where_the_server_knows_no_ranges()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, NoRangeCut, NoRange);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder)));
        Assert.Equal(["", "bytes=200000-"], server.Ranges);
    }

    [Fact]
    public void Gives_up_a_server_that_knows_no_ranges_and_always_breaks()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, NoRangeCut, NoRangeCut, NoRangeCut, NoRangeCut, NoRangeCut);
        var e = Failure(server, folder);
        Assert.Equal(RuntimeInstallationFault.DownloadBroken, e.Fault);
        Assert.Contains("again", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Ranges.Count);
    }

    [Fact]
    public void Takes_a_server_that_says_nothing_for_one_that_is_gone_and_asks_again()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, Silent);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder, Impatient with { Silence = TimeSpan.FromSeconds(3) })));
        Assert.Equal(["", "bytes=200000-"], server.Ranges);
    }

    [Fact]
    public void Keeps_what_came_when_the_package_is_gone_while_going_on_and_finishes_when_it_is_back()
    {
        using var folder = new TempFolder();
        using (var server = new FakeFeed(Bytes, CutInTheMiddle, Gone))
        {
            var e = Failure(server, folder);
            Assert.Equal(RuntimeInstallationFault.FeedUnavailable, e.Fault);
            Assert.Contains("404", e.Message, StringComparison.Ordinal);
            Assert.Contains("-Source", e.Message, StringComparison.Ordinal);
            Assert.Equal(200_000, new FileInfo(folder["package.partial"]).Length);
        }

        using var again = new FakeFeed(Bytes);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(again, folder)));
        Assert.Equal(["bytes=200000-"], again.Ranges);
    }

    [Fact]
    public void Refuses_other_bytes_and_keeps_none_of_them()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, OtherBytes, OtherBytes);
        var e = Failure(server, folder);
        Assert.Equal(RuntimeInstallationFault.HashMismatch, e.Fault);
        Assert.Contains(Sha512, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Says_that_a_feed_does_not_answer_or_is_none()
    {
        using var folder = new TempFolder();
        Uri nobody;
        using (var closed = new FakeFeed(Bytes)) nobody = closed.Index;
        using var feed = new PackageFeed(nobody, Impatient);
        var e = Assert.Throws<RuntimeInstallationException>(() => feed.Download(Package, Sha512, folder["package.partial"], _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(RuntimeInstallationFault.FeedUnavailable, e.Fault);
        Assert.Contains("Some-Package.1.2.3.nupkg", e.Message, StringComparison.Ordinal);

        foreach (string text in new[] { "<html>", "[]", "{}", """{"resources":[{"@type":"SearchQueryService","@id":"/"}]}""", """{"resources":[{"@type":7}]}""" })
        {
            using var server = new FakeFeed(Bytes) { IndexText = text };
            Assert.Contains("no index of a NuGet v3 feed", Failure(server, folder).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Stops_while_it_waits_for_bytes_and_keeps_what_came()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, Silent);
        using var stop = new CancellationTokenSource();
        using var feed = new PackageFeed(server.Index, Impatient);
        Assert.ThrowsAny<OperationCanceledException>(() => feed.Download(Package, Sha512, folder["package.partial"], p =>
        {
            if (p.Bytes == 200_000) stop.Cancel();
        }, stop.Token));
        Assert.Equal(200_000, new FileInfo(folder["package.partial"]).Length);
    }

    [Fact]
    public void Lets_only_one_process_write_a_download()
    {
        using var folder = new TempFolder();
        using var other = new FileStream(folder["package.partial"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var server = new FakeFeed(Bytes);
        Assert.Equal(RuntimeInstallationFault.DestinationInUse, Failure(server, folder).Fault);
    }

    private static string Download(FakeFeed server, TempFolder folder, DownloadOptions? options = null, Action<TransferProgress>? report = null)
    {
        string file = folder["package.partial"];
        using var feed = new PackageFeed(server.Index, options ?? Impatient);
        feed.Download(Package, Sha512, file, report ?? (_ => { }), TestContext.Current.CancellationToken);
        return file;
    }

    private static RuntimeInstallationException Failure(FakeFeed server, TempFolder folder) =>
        Assert.Throws<RuntimeInstallationException>(() => Download(server, folder));
}
