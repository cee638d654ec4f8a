using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class MappedDriveTests
{
    [Fact]
    public void A_drive_of_the_desktop_is_given_as_its_network_path()
    {
        string advice = MappedDrive.Advice("X:/meters/2026", isLetter: true, @"\\server\photos");
        Assert.Contains(@"Use '\\server\photos\meters\2026'.", advice, StringComparison.Ordinal);
        Assert.Contains("administrator", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_drive_is_advised_about_in_general()
    {
        Assert.Contains(@"\\server\share", MappedDrive.Advice(@"X:\a", isLetter: true, null), StringComparison.Ordinal);
        Assert.Equal("Map the drive in this session, or use the full path.", MappedDrive.Advice("nodrive:/data"));
        Assert.NotEmpty(MappedDrive.Advice(@"Q:\a"));
    }
}
