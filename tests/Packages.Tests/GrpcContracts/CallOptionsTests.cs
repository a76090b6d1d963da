using Grpc.Core;

namespace YMaskNet.Packages.Tests.GrpcContracts;

public class CallOptionsTests
{
    [Fact]
    public void With_EveryProperty_ChangesThatOneAndLeavesTheOriginal()
    {
        using CancellationTokenSource source = new();
        DateTime deadline = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Metadata headers = [];
        WriteOptions writeOptions = new(WriteFlags.NoCompress);
        CallOptions original = new(deadline: deadline);

        CallOptions changed = original
            .WithHeaders(headers)
            .WithCancellationToken(source.Token)
            .WithWriteOptions(writeOptions)
            .WithWaitForReady();

        Assert.Same(headers, changed.Headers);
        Assert.Equal(deadline, changed.Deadline);
        Assert.Equal(source.Token, changed.CancellationToken);
        Assert.Same(writeOptions, changed.WriteOptions);
        Assert.True(changed.IsWaitForReady);
        Assert.Null(original.Headers);
        Assert.False(original.IsWaitForReady);
    }
}
