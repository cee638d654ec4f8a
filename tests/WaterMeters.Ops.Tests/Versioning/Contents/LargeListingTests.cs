using System.Globalization;
using System.Security.Cryptography;
using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Tests.Versioning.Contents;

/// <summary>A listing of 20,000 files, 1,000,000 with WMS_PROVE=full.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "DVC names files by their MD5.")]
[Collection(Name)]
public class LargeListingTests
{
    private const string Name = "memory of listings";

    [Fact]
    public void Holds_a_million_files_in_bounded_memory()
    {
        int count = ProcessMemory.Full ? 1_000_000 : 20_000;
        var entries = Enumerable.Range(0, count).Select(i =>
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"photo_{i:d7}_value_{i % 1000}.jpg");
            return new FileEntry(name, new ContentHash((UInt128)i * 7919));
        });
        byte[] written = new FolderListing(entries).ToBytes();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var read = FolderListing.Read(written, "large.dir");
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(count, read.Entries.Count);
        Assert.Equal(MD5.HashData(written), MD5.HashData(read.ToBytes()));
        Assert.InRange(held, 1, 160L * count);
        string size = FormattableString.Invariant($"has {written.Length >> 20} MB and takes {held >> 20} MB of memory once read");
        TestContext.Current.TestOutputHelper!.WriteLine($"figure: a listing of {count} files {size}, {held / count} bytes a file");
    }

    /// <summary>Alone: other tests would change the memory that is measured.</summary>
    [CollectionDefinition(Name, DisableParallelization = true)]
    public class Alone;
}
