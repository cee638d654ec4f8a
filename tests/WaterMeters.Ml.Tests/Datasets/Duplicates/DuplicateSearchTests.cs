using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Duplicates;

public class DuplicateSearchTests
{
    [Fact]
    public void Finds_identical_files_and_images_of_the_same_scene_in_any_symmetry()
    {
        var random = new Random(3);
        byte[] one = PerceptualHashTests.Smooth(random), other = PerceptualHashTests.Smooth(random);
        var photos = new List<PhotoFacts> { Photo("a", one), Photo("b", other), Photo("a", one) };
        foreach (var (i, symmetry) in Symmetry.All.Index())
        {
            var turned = new byte[Thumbnail.Area];
            symmetry.Apply<byte>(one, Thumbnail.Side, turned);
            photos.Add(Photo($"c{i}", turned));
        }

        var matches = DuplicateSearch.Find(photos, CancellationToken.None);

        Assert.DoesNotContain(matches, m => m.Index == 1 || m.Earlier == 1);
        Assert.Equal((2, 0, true), matches.Where(m => m.Index == 2).Select(m => (m.Index, m.Earlier, m.IsExact)).Single());
        foreach (int index in Enumerable.Range(3, 8))
        {
            var match = matches.First(m => m.Index == index);
            Assert.Equal((0, false, Symmetry.All[index - 3]), (match.Earlier, match.IsExact, match.Symmetry));
            Assert.InRange(match.Similarity, 0.999, 1.001);
        }
    }

    [Fact]
    public void Does_not_match_blank_images()
    {
        var random = new Random(3);
        var photos = Enumerable.Range(0, 20).Select(i => Photo($"{i}", Blank())).ToList();
        Assert.Empty(DuplicateSearch.Find(photos, CancellationToken.None));
        Assert.Empty(DuplicateSearch.Find([], CancellationToken.None));

        byte[] Blank() => [.. Enumerable.Range(0, Thumbnail.Area).Select(_ => (byte)(100 + random.Next(3)))];
    }

    [Fact]
    public void Limits_the_matches_of_many_copies()
    {
        byte[] one = PerceptualHashTests.Smooth(new Random(3));
        var photos = Enumerable.Range(0, 300).Select(i => Photo($"{i}", one)).ToList();
        var matches = DuplicateSearch.Find(photos, CancellationToken.None);
        Assert.Equal(299, matches.Select(m => m.Index).Distinct().Count());
        Assert.True(matches.Count < 300 * 8);
        Assert.All(matches, m => Assert.True(m.Earlier < m.Index));
    }

    [Fact]
    public void Aligns_a_cropped_image_with_its_original()
    {
        byte[] one = PerceptualHashTests.Smooth(new Random(11)), cropped = new byte[Thumbnail.Area];
        float[] cells = [.. one.Select(v => (float)v)];
        var crop = new ThumbnailWarp(0.95f, 0.5f, 0.95f, -0.6f);
        for (int i = 0; i < cropped.Length; i++)
        {
            var (x, y) = crop.Map(i % Thumbnail.Side, i / Thumbnail.Side);
            Assert.True(ThumbnailWarp.TrySample(cells, x, y, out float value));
            cropped[i] = (byte)MathF.Round(value);
        }

        var (similarity, warp) = ThumbnailAlignment.Align(cropped, one, ThumbnailWarp.Identity, 0);
        Assert.InRange(similarity, 0.99, 1.001);
        Assert.Equal((crop.ScaleX, crop.ShiftX), (warp.ScaleX, warp.ShiftX), Close);
        Assert.Equal((crop.ScaleY, crop.ShiftY), (warp.ScaleY, warp.ShiftY), Close);
        Assert.True(ThumbnailAlignment.Overlap(cropped, one, warp) > 0.95);
        Assert.True(ThumbnailAlignment.Overlap(cropped, one, ThumbnailWarp.Identity) < 0.95);
    }

    [Fact]
    public void Stops_when_cancelled()
    {
        byte[] one = PerceptualHashTests.Smooth(new Random(3));
        List<PhotoFacts> photos = [Photo("a", one), Photo("b", one)];
        Assert.ThrowsAny<OperationCanceledException>(() => DuplicateSearch.Find(photos, new CancellationToken(true)));
    }

    private static bool Close((float A, float B) x, (float A, float B) y) => Math.Abs(x.A - y.A) < 0.02 && Math.Abs(x.B - y.B) < 0.15;

    internal static PhotoFacts Photo(string hash, byte[] thumbnail) => new()
    {
        Hash = hash,
        Header = default,
        DarkEnd = 0,
        BrightEnd = 255,
        Entropy = 7,
        Blur = 0,
        Thumbnail = thumbnail,
    };
}
