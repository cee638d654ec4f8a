using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Training;

namespace WaterMeters.Ml.Tests.Runtime;

[Collection(TrainingCollection.Name)]
public class SleepInhibitorTests
{
    public static bool IsWindows => OperatingSystem.IsWindows();

    [Fact]
    public void Requires_the_system_until_it_is_disposed()
    {
        var states = new List<uint>();
        using (new SleepInhibitor(states.Add)) Assert.Equal([0x80000001u], states);
        Assert.Equal([0x80000001u, 0x80000000u], states);
    }

    [Fact(SkipUnless = nameof(IsWindows), Skip = "Only Windows is kept awake.")]
    public void Keeps_Windows_awake_during_a_training()
    {
        using var set = TrainingSet.Noise(6, 2, 1);
        var during = new List<bool>();
        TrainingSet.Train(set.Options("run"), new RecordingObserver { OnVerbose = _ => during.Add(IsRequired()) });
        Assert.True(during.Count > 4);
        Assert.All(during, Assert.True);
        Assert.False(IsRequired());
    }

    /// <summary>Returns whether this thread requires the system: setting a state returns the one before, which is set again.</summary>
    private static bool IsRequired()
    {
        uint state = SleepInhibitor.SetThreadExecutionState(SleepInhibitor.Continuous | SleepInhibitor.SystemRequired);
        _ = SleepInhibitor.SetThreadExecutionState(state | SleepInhibitor.Continuous);
        return (state & SleepInhibitor.SystemRequired) != 0;
    }
}
