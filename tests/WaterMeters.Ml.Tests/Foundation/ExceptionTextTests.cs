using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public class ExceptionTextTests
{
    [Theory]
    [InlineData("No space left on device : '/a/b'", "No space left on device : '/a/b'.")]
    [InlineData("Access is denied.", "Access is denied.")]
    [InlineData("can't allocate memory.\r\nException raised from alloc_cpu", "can't allocate memory.")]
    public void Returns_the_first_line_with_a_full_stop(string message, string sentence) =>
        Assert.Equal(sentence, new IOException(message).Sentence());

    [Fact]
    public void Leaves_out_the_name_of_a_method_parameter() =>
        Assert.Equal("Use at least 1.", new ArgumentException("Use at least 1.", "number").Sentence());

    [Theory]
    [InlineData(
        "Unable to load shared library 'a'. Use strace. Consider LD_DEBUG: \n/x/a.so: file too short\n",
        "Unable to load shared library 'a': /x/a.so: file too short.")]
    [InlineData(
        "Unable to load DLL 'a' or one of its dependencies: It could not be found. (0x8007007E)",
        "Unable to load DLL 'a' or one of its dependencies: It could not be found. (0x8007007E).")]
    public void Returns_the_reason_why_a_library_does_not_load(string message, string sentence) =>
        Assert.Equal(sentence, new DllNotFoundException(message).Sentence());
}
