namespace YMaskNet.Server.Tests.Support;

/// <summary>Waits for what happens on its own.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<bool> condition, Func<string> otherwise)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, otherwise());
            await Task.Delay(10);
        }
    }
}
