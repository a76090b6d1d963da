using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace YMaskNet.Client.Tests.Retries;

public class AttemptsTests
{
    private static readonly InspectionFailedException Away = new(StatusCode.Unavailable, "", "away");
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.0, 100, 200, 400, 500, 500)]
    [InlineData(1.0, 150, 300, 600, 750, 750)]
    public void DelayAfter_OneFailureAfterAnother_DoublesUpToTheLongestAndIsDrawnOut(double drawn, params int[] milliseconds)
    {
        RetryOptions options = new() { MaxAttempts = 6, LongestDelay = TimeSpan.FromMilliseconds(500) };
        Attempts attempts = new(options, deadline: null, TimeProvider.System, () => drawn);

        Assert.Equal(milliseconds, Enumerable.Range(0, 5).Select(_ => (int)attempts.DelayAfter(Away)!.Value.TotalMilliseconds));
        Assert.Null(attempts.DelayAfter(Away));
    }

    [Fact]
    public void DelayAfter_ManyAttempts_NeverOverflows()
    {
        RetryOptions options = new() { MaxAttempts = 2000, FirstDelay = TimeSpan.FromTicks(1) };
        Attempts attempts = new(options, deadline: null, TimeProvider.System, () => 0);

        for (int i = 0; i < 1998; i++)
            Assert.InRange(attempts.DelayAfter(Away)!.Value, TimeSpan.FromTicks(1), options.LongestDelay);
    }

    [Fact]
    public void DelayAfter_TheServersDelay_IsTheLeast()
    {
        Attempts attempts = new(new RetryOptions(), deadline: null, TimeProvider.System, () => 0.5);

        Assert.Equal(TimeSpan.FromSeconds(2.5), attempts.DelayAfter(Full(TimeSpan.FromSeconds(2))));
    }

    [Fact]
    public void DelayAfter_TheServerAsksForMoreThanTheLongest_NoMoreTries()
    {
        Attempts attempts = new(new RetryOptions(), deadline: null, TimeProvider.System, () => 0);

        Assert.Null(attempts.DelayAfter(Full(TimeSpan.FromSeconds(31))));
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.ResourceExhausted)]
    public void DelayAfter_WhatWouldFailAgain_NoMoreTries(StatusCode code) =>
        Assert.Null(new Attempts(new RetryOptions(), deadline: null, TimeProvider.System, () => 0)
            .DelayAfter(new InspectionFailedException(code, "", "")));

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void DelayAfter_Deadline_NoTryThatCouldNotBeginBeforeIt(int millisecondsLeft, bool triesAgain)
    {
        FakeTimeProvider time = new(Start);
        Attempts attempts = new(new RetryOptions(), Start.UtcDateTime.AddMilliseconds(millisecondsLeft), time, () => 0);

        Assert.Equal(triesAgain, attempts.DelayAfter(Away) is not null);
    }

    [Fact]
    public void Connect_OptionsOutOfRange_Refused()
    {
        RetryOptions[] wrong =
        [
            new() { MaxAttempts = 0 }, new() { FirstDelay = TimeSpan.FromTicks(-1) }, new() { FirstDelay = TimeSpan.FromMinutes(1) },
        ];

        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(
            () => InspectionClient.Connect("http://127.0.0.1:5080", new InspectionClientOptions { Retry = options })));
    }

    private static InspectionFailedException Full(TimeSpan delay) =>
        new(StatusCode.ResourceExhausted, "QUEUE_FULL", "full") { RetryDelay = delay };
}
