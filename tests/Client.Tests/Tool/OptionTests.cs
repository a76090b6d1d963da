using YMaskNet.Client.Tool.Commands;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Tool;

public class OptionTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/")]
    [InlineData("https://line-3.plant:443", "https://line-3.plant/")]
    [InlineData("line-3:5080", "http://line-3:5080/")]
    [InlineData("[::1]:5080", "http://[::1]:5080/")]
    public void Server_Address_IsRead(string text, string expected) =>
        Assert.Equal(expected, ServerOption.TryParse(text)?.AbsoluteUri);

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    [InlineData("")]
    [InlineData("two words")]
    public void Server_NoAddress_IsRefused(string text) => Assert.Null(ServerOption.TryParse(text));

    [Fact]
    public void Roi_WithClass_IsRead()
    {
        RegionOfInterest roi = RoiOption.TryParse("1.5, 2, 3, 4, pin-hole")!;

        Assert.Equal(new Box { X = 1.5f, Y = 2, Width = 3, Height = 4 }, roi.Box);
        Assert.Equal("pin-hole", roi.ClassName);
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,0")]
    [InlineData("1,2,-3,4")]
    [InlineData("1,2,NaN,4")]
    [InlineData("1,2,3,4,")]
    [InlineData("a,b,c,d")]
    public void Roi_NoBox_IsRefused(string text) => Assert.Null(RoiOption.TryParse(text));
}
