using Grpc.Core;

namespace YMaskNet.Packages.Tests.GrpcContracts;

public class MetadataTests
{
    [Fact]
    public void GetValue_RepeatedKeyInAnyCase_GivesTheLast()
    {
        Metadata metadata = new() { { "Board", "first" }, { "board", "last" } };

        Assert.Equal("last", metadata.GetValue("BOARD"));
        Assert.Equal(["first", "last"], metadata.GetAll("board").Select(entry => entry.Value));
    }

    [Fact]
    public void GetValue_UnknownKey_GivesNull()
    {
        Assert.Null(new Metadata().GetValue("board"));
        Assert.Null(new Metadata().GetValueBytes("board-bin"));
    }

    [Fact]
    public void Entry_Binary_KeepsItsOwnCopy()
    {
        byte[] bytes = [1, 2, 3];
        Metadata.Entry entry = new("Trace-Bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.Equal("trace-bin", entry.Key);
        Assert.True(entry.IsBinary);
        Assert.Equal([1, 2, 3], entry.ValueBytes);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ключ")]
    [InlineData("trace-bin")]
    public void Entry_TextWithAKeyThatMayNotHaveIt_Throws(string key)
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "value"));
    }

    [Fact]
    public void Entry_BytesWithoutTheSuffix_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("trace", new byte[1]));
    }

    [Fact]
    public void Empty_Add_Throws()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("board", "value"));
    }
}
