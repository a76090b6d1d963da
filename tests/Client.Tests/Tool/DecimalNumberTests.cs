using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Client.Tool.Reports;

namespace YMaskNet.Client.Tests.Tool;

public class DecimalNumberTests
{
    [Theory]
    [InlineData(0f, "0")]
    [InlineData(0.1f, "0.1")]
    [InlineData(639.75f, "639.75")]
    [InlineData(1e-5f, "0.00001")]
    [InlineData(-1.25e-7f, "-0.000000125")]
    [InlineData(1.5e20f, "150000000000000000000")]
    [InlineData(16777216f, "16777216")]
    public void Format_IsShortestAndNeverScientific(float value, string expected) =>
        Assert.Equal(expected, DecimalNumber.Format(value));

    [Fact]
    public void Format_AnyFiniteFloat_ReadsBackAsItself() =>
        Prop.ForAll<int>(bits =>
        {
            float value = BitConverter.Int32BitsToSingle(bits * 0x01000193);
            if (!float.IsFinite(value))
                return true;
            string text = DecimalNumber.Format(value);
            return !text.Contains('E') && float.Parse(text, CultureInfo.InvariantCulture) == value;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Format_NotFinite_Throws(float value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DecimalNumber.Format(value));
}
