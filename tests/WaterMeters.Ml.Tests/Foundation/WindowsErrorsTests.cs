using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class WindowsErrorsTests
{
    [Theory]
    [InlineData(362, "OneDrive")] // ERROR_CLOUD_FILE_PROVIDER_NOT_RUNNING
    [InlineData(388, "OneDrive")] // ERROR_CLOUD_FILE_NETWORK_UNAVAILABLE
    [InlineData(426, "OneDrive")] // ERROR_CLOUD_FILE_REQUEST_TIMEOUT
    [InlineData(21, "The drive was removed")] // ERROR_NOT_READY
    [InlineData(64, "network connection was lost")] // ERROR_NETNAME_DELETED
    public void An_error_that_needs_more_words_gets_them(int number, string expected)
    {
        var fault = new IOException("The system's own words. : 'C:\\data\\a.jpg'", unchecked((int)0x80070000) | number);

        Assert.Contains(expected, WindowsErrors.Explain(fault), StringComparison.Ordinal);
        Assert.StartsWith("The system's own words. : 'C:\\data\\a.jpg'. ", fault.Sentence(), StringComparison.Ordinal);
        Assert.Contains(WindowsErrors.Explain(fault)!, FileErrors.CannotRead("a.jpg", fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_errors_keep_their_words()
    {
        Assert.Equal("Full.", new IOException("Full.", unchecked((int)0x80070070)).Sentence());
        Assert.Equal("No.", new IOException("No.", 21).Sentence()); // a number of another system
        Assert.Null(WindowsErrors.Explain(new InvalidDataException("21")));
    }

    [Theory]
    [InlineData(32, true, true)]
    [InlineData(33, true, true)]
    [InlineData(5, false, true)]
    [InlineData(1224, false, true)]
    [InlineData(112, false, false)]
    public void Another_process_may_hold_a_file(int number, bool whileReading, bool whileReplacing)
    {
        var fault = new IOException("", unchecked((int)0x80070000) | number);

        Assert.Equal((whileReading, whileReplacing), (WindowsErrors.IsHeld(fault, false), WindowsErrors.IsHeld(fault, true)));
        Assert.False(WindowsErrors.IsHeld(new IOException("", number), true));
    }
}
