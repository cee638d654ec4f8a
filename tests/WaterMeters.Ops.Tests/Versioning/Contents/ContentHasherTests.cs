using System.Security.Cryptography;
using System.Text;
using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Tests.Versioning.Contents;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "DVC names files by their MD5.")]
public class ContentHasherTests
{
    [Fact]
    public void Hashes_text_with_LF_for_CRLF_in_the_legacy_form_only()
    {
        byte[] text = Encoding.UTF8.GetBytes("one\r\ntwo\r\rthree\r");
        Assert.Equal(Of("one\ntwo\r\rthree\r"), ContentHasher.Of(text, isLegacy: true).ToString());
        Assert.Equal(Of("one\r\ntwo\r\rthree\r"), ContentHasher.Of(text, isLegacy: false).ToString());
    }

    [Fact]
    public void Takes_a_file_with_a_zero_for_binary()
    {
        byte[] binary = [.. Encoding.UTF8.GetBytes("one\r\n"), 0];
        Assert.Equal(ContentHash.Of(binary), ContentHasher.Of(binary, isLegacy: true));
    }

    [Fact]
    public void Leaves_a_CRLF_between_two_pieces_of_a_mebibyte_as_DVC_does()
    {
        const int Piece = 1 << 20;
        byte[] text = Encoding.UTF8.GetBytes(new string('a', Piece - 1) + "\r\nb\r\n");
        string expected = new string('a', Piece - 1) + "\r\nb\n";
        Assert.Equal(Of(expected), ContentHasher.Of(text, isLegacy: true).ToString());
        using var hasher = new ContentHasher(isLegacy: true);
        for (int i = 0; i < text.Length; i += 100_003) hasher.Append(text.AsSpan(i, Math.Min(100_003, text.Length - i)));
        Assert.Equal(Of(expected), hasher.Finish().ToString());
    }

    [Fact]
    public void Reads_only_hashes_in_small_letters()
    {
        string hash = Of("x");
        Assert.True(ContentHash.TryParse(hash, out var read));
        Assert.Equal(hash, read.ToString());
        Assert.Equal(read, ContentHash.FromBytes(read.ToBytes()));
        Assert.False(ContentHash.TryParse(hash.ToUpperInvariant(), out _));
        Assert.False(ContentHash.TryParse(hash.AsSpan(1), out _));
    }

    [Fact]
    public void Puts_objects_where_DVC_looks_for_them()
    {
        Assert.True(ObjectId.TryParse("5ea40360f5b4ec688df672a4db9c17d1.dir", out var id));
        Assert.Equal("files/md5/5e/a40360f5b4ec688df672a4db9c17d1.dir", ObjectLayout.Current.PathOf(id));
        Assert.Equal("5e/a40360f5b4ec688df672a4db9c17d1.dir", ObjectLayout.Legacy.PathOf(id));
        Assert.True(ObjectLayout.Current.TryParse("files/md5/5e/a40360f5b4ec688df672a4db9c17d1.dir", out var read));
        Assert.Equal(id, read);
        Assert.False(ObjectLayout.Current.TryParse("5e/a40360f5b4ec688df672a4db9c17d1.dir", out _));
        Assert.False(ObjectLayout.Current.TryParse("files/md5/5e/a40360f5b4ec688df672a4db9c17d1.tmp", out _));
    }

    private static string Of(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
