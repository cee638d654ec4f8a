using System.Collections.Concurrent;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Foundation;

public class PrefetchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Returns_the_results_in_the_order_of_the_items(int ahead)
    {
        // Some items wait until the next one is done, as far as the number of parallel items allows.
        var done = new ConcurrentDictionary<int, bool>();
        var results = Prefetch.InOrder(Enumerable.Range(0, 50), ahead, i =>
        {
            if (ahead > 1 && i % ahead == 0 && i + 1 < 50) SpinWait.SpinUntil(() => done.ContainsKey(i + 1), 2000);
            done[i] = true;
            return i * i;
        }, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => i * i), results);
    }

    [Fact]
    public void Prepares_no_more_items_than_allowed()
    {
        int started = 0;
        using var results = Prefetch
            .InOrder(Enumerable.Range(0, 100), 3, _ => Interlocked.Increment(ref started), TestContext.Current.CancellationToken)
            .GetEnumerator();
        Assert.Equal(0, started);
        for (int taken = 1; taken <= 10; taken++)
        {
            Assert.True(results.MoveNext());
            Assert.InRange(Volatile.Read(ref started), 1, taken + 3);
        }
    }

    [Fact]
    public void Throws_the_exception_of_an_item_after_the_results_before_it()
    {
        var seen = new List<int>();
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (int i in Prefetch.InOrder(Enumerable.Range(0, 10), 4, FailAtThree, CancellationToken.None)) seen.Add(i);
        });
        Assert.Equal("three", error.Message);
        Assert.Equal([0, 1, 2], seen);

        static int FailAtThree(int item) => item == 3 ? throw new InvalidDataException("three") : item;
    }

    [Fact]
    public void Throws_the_exception_of_the_enumeration_of_items()
    {
        static IEnumerable<int> Items()
        {
            yield return 1;
            throw new InvalidDataException("no more");
        }

        Assert.Throws<InvalidDataException>(() => Prefetch.InOrder(Items(), 2, i => i, CancellationToken.None).ToList());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Disposes_unused_results_when_the_caller_stops_or_an_item_fails(bool fails)
    {
        var made = new ConcurrentBag<Thing>();
        var taken = new List<Thing>();
        try
        {
            foreach (var thing in Prefetch.InOrder(Enumerable.Range(0, 20), 5, Make, CancellationToken.None))
            {
                taken.Add(thing);
                if (!fails && taken.Count == 3) break;
            }
        }
        catch (InvalidDataException)
        {
            Assert.True(fails);
        }

        Assert.Equal(3, taken.Count);
        Assert.DoesNotContain(taken, t => t.IsDisposed);
        Assert.All(made.Except(taken), t => Assert.True(t.IsDisposed));
        Assert.True(made.Count >= 3);

        Thing Make(int index)
        {
            if (fails && index == 3) throw new InvalidDataException();
            var thing = new Thing();
            made.Add(thing);
            return thing;
        }
    }

    [Fact]
    public void Stops_when_cancelled_and_leaves_no_work_running()
    {
        using var stop = new CancellationTokenSource();
        int running = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (int i in Prefetch.InOrder(Enumerable.Range(0, 1000), 4, Work, stop.Token))
            {
                if (i == 5) stop.Cancel();
                Assert.InRange(i, 0, 5);
            }
        });
        Assert.Equal(0, Volatile.Read(ref running));

        int Work(int i)
        {
            Interlocked.Increment(ref running);
            Thread.Yield();
            Interlocked.Decrement(ref running);
            return i;
        }
    }

    private sealed class Thing : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
