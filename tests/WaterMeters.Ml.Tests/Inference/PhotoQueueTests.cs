using WaterMeters.Ml.Inference;

namespace WaterMeters.Ml.Tests.Inference;

public class PhotoQueueTests
{
    [Fact]
    public void Returns_photos_in_order_and_then_reports_its_end()
    {
        using var queue = PhotoQueue.Create("a", "b");
        Assert.True(queue.TryNext(wait: true, out string? path, CancellationToken.None));
        Assert.Equal("a", path);
        Assert.True(queue.TryNext(wait: false, out path, CancellationToken.None));
        Assert.Equal("b", path);
        Assert.False(queue.TryNext(wait: true, out path, CancellationToken.None));
        Assert.Null(path);
    }

    [Fact]
    public void Distinguishes_an_empty_queue_from_a_complete_one()
    {
        using var queue = new PhotoQueue();
        Assert.True(queue.TryNext(wait: false, out string? path, CancellationToken.None));
        Assert.Null(path);
        Assert.True(queue.TryAdd("a"));
        queue.Complete();
        Assert.True(queue.TryNext(wait: false, out path, CancellationToken.None));
        Assert.Equal("a", path);
        Assert.False(queue.TryNext(wait: false, out _, CancellationToken.None));
    }

    [Fact]
    public void Is_bounded_but_can_be_created_from_any_number_of_photos()
    {
        using var queue = new PhotoQueue();
        int taken = 0;
        while (queue.TryAdd("photo")) taken++;
        Assert.InRange(taken, 1, 1000);

        string[] photos = [.. Enumerable.Range(0, 500).Select(i => $"{i}")];
        using var known = PhotoQueue.Create(photos);
        var read = new List<string>();
        while (known.TryNext(wait: true, out string? path, CancellationToken.None)) read.Add(path!);
        Assert.Equal(photos, read);
        using var none = PhotoQueue.Create();
        Assert.False(none.TryNext(wait: true, out _, CancellationToken.None));
    }

    [Fact]
    public async Task Waiting_ends_with_a_photo_at_completion_or_when_cancelled()
    {
        using var queue = new PhotoQueue();
        var adding = Task.Run(() => queue.TryAdd("late"), TestContext.Current.CancellationToken);
        Assert.True(queue.TryNext(wait: true, out string? path, TestContext.Current.CancellationToken));
        Assert.Equal("late", path);
        var completing = Task.Run(queue.Complete, TestContext.Current.CancellationToken);
        Assert.False(queue.TryNext(wait: true, out _, TestContext.Current.CancellationToken));
        Assert.True(await adding);
        await completing;

        using var empty = new PhotoQueue();
        using var stop = new CancellationTokenSource();
        var cancelling = Task.Run(stop.Cancel, TestContext.Current.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() => empty.TryNext(wait: true, out _, stop.Token));
        await cancelling;
    }
}
