using System.Security.Cryptography;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Feeds;
using WaterMeters.Ops.Http;
using static WaterMeters.Ops.Tests.Feeds.FakeFeed.Fault;

namespace WaterMeters.Ops.Tests.Feeds;

public class PackageFeedTests
{
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(400_000);
    private static readonly string Sha512 = Convert.ToBase64String(SHA512.HashData(Bytes));
    private static readonly RuntimePackage Package = new() { Platform = "linux-x64", Id = "Some-Package", Version = "1.2.3" };
    private static readonly DownloadOptions Quick = new() { RetryDelay = TimeSpan.Zero, Attempts = 3 };

    [Fact]
    public void Downloads_a_package_from_the_service_in_the_index()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes);
        string file = Download(server, folder);
        Assert.Equal(Bytes, File.ReadAllBytes(file));
        Assert.Equal([""], server.Ranges);
    }

    [Fact]
    public void Resumes_after_the_connection_is_lost()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, CutInTheMiddle, CutInTheMiddle, Busy);
        var reported = new List<long>();
        string file = Download(server, folder, report: p => reported.Add(p.Bytes));
        Assert.Equal(Bytes, File.ReadAllBytes(file));
        Assert.Equal(["", "bytes=200000-", "bytes=300000-", "bytes=300000-"], server.Ranges);
        Assert.Contains(Bytes.Length, reported);
    }

    [Fact]
    public void Resumes_the_file_of_an_earlier_process()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["package.partial"], Bytes[..100_000]);
        using var server = new FakeFeed(Bytes);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder)));
        Assert.Equal(["bytes=100000-"], server.Ranges);
    }

    [Fact]
    public void Downloads_nothing_if_the_file_is_complete()
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
    public void Starts_again_if_the_existing_file_is_another_one(int length)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["package.partial"], new byte[length]);
        using var server = new FakeFeed(Bytes);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder)));
        Assert.Equal("", server.Ranges[^1]);
    }

    [Fact]
    public void Starts_again_if_the_server_does_not_support_ranges()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, NoRangeCut, NoRange);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder)));
        Assert.Equal(["", "bytes=200000-"], server.Ranges);
    }

    [Fact]
    public void Fails_if_a_server_without_ranges_always_interrupts()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, NoRangeCut, NoRangeCut, NoRangeCut, NoRangeCut, NoRangeCut);
        var e = Failure(server, folder);
        Assert.Equal(RuntimeInstallationFault.DownloadBroken, e.Fault);
        Assert.Contains("again", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Ranges.Count);
    }

    [Fact]
    public void Retries_if_the_server_sends_nothing()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, Silent);
        Assert.Equal(Bytes, File.ReadAllBytes(Download(server, folder, Quick with { IdleTimeout = TimeSpan.FromSeconds(3) })));
        Assert.Equal(["", "bytes=200000-"], server.Ranges);
    }

    [Fact]
    public void Keeps_the_partial_file_if_the_package_disappears_and_resumes_once_it_is_back()
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
    public void Rejects_and_deletes_a_file_with_another_hash()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, OtherBytes, OtherBytes);
        var e = Failure(server, folder);
        Assert.Equal(RuntimeInstallationFault.HashMismatch, e.Fault);
        Assert.Contains(Sha512, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Reports_a_feed_that_does_not_respond_or_is_not_a_feed()
    {
        using var folder = new TempFolder();
        Uri closedAddress;
        using (var closed = new FakeFeed(Bytes)) closedAddress = closed.Index;
        using var feed = new PackageFeed(closedAddress, Quick);
        string file = folder["package.partial"];
        var e = Assert.Throws<RuntimeInstallationException>(
            () => feed.Download(Package, Sha512, file, _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(RuntimeInstallationFault.FeedUnavailable, e.Fault);
        Assert.Contains("Some-Package.1.2.3.nupkg", e.Message, StringComparison.Ordinal);

        string otherService = """{"resources":[{"@type":"SearchQueryService","@id":"/"}]}""";
        string numericType = """{"resources":[{"@type":7}]}""";
        foreach (string text in new[] { "<html>", "[]", "{}", otherService, numericType })
        {
            using var server = new FakeFeed(Bytes) { IndexText = text };
            Assert.Contains("not the index of a NuGet v3 feed", Failure(server, folder).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Stops_while_it_waits_for_bytes_and_keeps_the_partial_file()
    {
        using var folder = new TempFolder();
        using var server = new FakeFeed(Bytes, Silent);
        using var stop = new CancellationTokenSource();
        using var feed = new PackageFeed(server.Index, Quick);
        Assert.ThrowsAny<OperationCanceledException>(() => feed.Download(Package, Sha512, folder["package.partial"], p =>
        {
            if (p.Bytes == 200_000) stop.Cancel();
        }, stop.Token));
        Assert.Equal(200_000, new FileInfo(folder["package.partial"]).Length);
    }

    [Fact]
    public void Fails_if_another_process_writes_the_file()
    {
        using var folder = new TempFolder();
        using var other = new FileStream(folder["package.partial"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var server = new FakeFeed(Bytes);
        Assert.Equal(RuntimeInstallationFault.DestinationInUse, Failure(server, folder).Fault);
    }

    private static string Download(
        FakeFeed server, TempFolder folder, DownloadOptions? options = null, Action<TransferProgress>? report = null)
    {
        string file = folder["package.partial"];
        using var feed = new PackageFeed(server.Index, options ?? Quick);
        feed.Download(Package, Sha512, file, report ?? (_ => { }), TestContext.Current.CancellationToken);
        return file;
    }

    private static RuntimeInstallationException Failure(FakeFeed server, TempFolder folder) =>
        Assert.Throws<RuntimeInstallationException>(() => Download(server, folder));
}
