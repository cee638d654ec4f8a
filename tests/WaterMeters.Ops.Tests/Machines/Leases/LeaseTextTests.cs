using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Tests.Machines.Leases;

public sealed class LeaseTextTests
{
    private const string Sample =
        "WMS-LEASE 1\n"
        + "machine rev=7 state=open since=1764460000 by=- stopcall=- boot=9f0c seen=1764460123 instance=i-0abc\n"
        + "lease id=RUN owner=ana%20@PC-7 purpose=training taken=1764460000 deadline=1764467200 heartbeat=1764460100 job=1 boot=9f0c "
        + "confirmed=1\n";

    [Fact]
    public void Is_written_as_it_was_read() => Assert.Equal(Sample, LeaseText.Format(LeaseText.Parse(Sample)));

    [Fact]
    public void Reads_every_value()
    {
        var document = LeaseText.Parse(Sample);
        var lease = Assert.Single(document.Leases);
        Assert.Equal(("ana @PC-7", "training", 1764467200L, true, true, "9f0c"),
            (lease.Owner, lease.Purpose, lease.Deadline, lease.IsJob, lease.IsConfirmed, lease.Boot));
        Assert.Equal((7L, false, "", 0L, "i-0abc"), (document.Machine.Revision, document.Machine.IsStopping, document.Machine.By,
            document.Machine.StopCall, document.Machine.Instance));
    }

    [Fact]
    public void Keeps_keys_and_records_of_newer_versions()
    {
        string newer = Sample.Replace("instance=i-0abc", "instance=i-0abc zone=eu%20central colour=red", StringComparison.Ordinal)
            .Replace("confirmed=1\n", "confirmed=1 budget=3\nquota hours=5\n", StringComparison.Ordinal);
        Assert.Equal(newer, LeaseText.Format(LeaseText.Parse(newer)));
        string released = LeaseText.Format(LeaseText.Parse(newer).Without("RUN"));
        Assert.Contains("quota hours=5\n", released, StringComparison.Ordinal);
        Assert.DoesNotContain("budget", released, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "its first line is not")]
    [InlineData("WMS-LEASE 2\nmachine state=open\n", "is newer than")]
    [InlineData("WMS-LEASE 1\n", "it has no line 'machine'")]
    [InlineData("WMS-LEASE 1\nmachine state=open\nmachine state=open\n", "two lines 'machine'")]
    [InlineData("WMS-LEASE 1\nmachine state=asleep\n", "state=asleep is unknown")]
    [InlineData("WMS-LEASE 1\nmachine state=open\nlease owner=ana\n", "a lease has no id")]
    [InlineData("WMS-LEASE 1\nmachine state=open\nlease id=a\nlease id=a\n", "two leases 'a'")]
    [InlineData("WMS-LEASE 1\nmachine state=open\nlease id=a deadline=soon\n", "deadline=soon is not a number")]
    [InlineData("WMS-LEASE 1\nmachine state=open\nlease id=a deadline=-5\n", "deadline=-5 is not a number")]
    public void Refuses_what_it_does_not_understand(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => LeaseText.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_document_survives_being_written()
    {
        var text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(value => string.Concat(value.Get.EnumerateRunes()
            .Select(rune => rune.ToString()).Where(rune => rune != "\uFFFD")));
        var number = Gen.Choose(0, int.MaxValue).Select(value => (long)value);
        var lease =
            from id in text.Where(value => value.Length > 0)
            from owner in text
            from times in number.ListOf(4)
            from flags in Gen.Choose(0, 3)
            select new Lease
            {
                Id = id,
                Owner = owner,
                Purpose = owner.ToUpperInvariant(),
                Taken = times[0],
                Deadline = times[1],
                Heartbeat = times[2],
                Boot = id,
                IsJob = flags > 1,
                IsConfirmed = flags % 2 == 1,
            };
        var document =
            from leases in lease.ListOf()
            from who in text
            from times in number.ListOf(4)
            select new LeaseDocument
            {
                Machine = new MachineRecord
                {
                    Revision = times[0],
                    Since = times[1],
                    StopCall = times[2],
                    Seen = times[3],
                    By = who,
                    Boot = who,
                    Instance = who,
                    IsStopping = who.Length > 3,
                },
                Leases = [.. leases.DistinctBy(one => one.Id)],
            };
        Prop.ForAll(document.ToArbitrary(), original =>
        {
            var read = LeaseText.Parse(LeaseText.Format(original));
            return read.Machine == original.Machine && read.Leases.SequenceEqual(original.Leases);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Damage_is_refused_or_read_never_a_crash()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            char[] damaged = Sample.ToCharArray();
            for (int n = random.Next(1, 5); n > 0; n--) damaged[random.Next(damaged.Length)] = (char)random.Next(1, 128);
            string text = new string(damaged)[..random.Next(damaged.Length)];
            try
            {
                string once = LeaseText.Format(LeaseText.Parse(text));
                Assert.Equal(once, LeaseText.Format(LeaseText.Parse(once)));
            }
            catch (FormatException)
            {
                // Said so.
            }
        }
    }
}
