using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Foundation;

public sealed class EnumNameTests
{
    [Theory]
    [InlineData("Test", DatasetSplit.Test)]
    [InlineData("validation", DatasetSplit.Validation)]
    public void A_name_is_read_in_any_case(string text, DatasetSplit expected)
    {
        Assert.True(EnumName.TryParse(text, out DatasetSplit split));
        Assert.Equal(expected, split);
    }

    [Theory]
    [InlineData("Train,Validation")] // with OR, this is Validation
    [InlineData("Train, Test")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_no_name(string? text) => Assert.False(EnumName.TryParse(text, out DatasetSplit _));
}
