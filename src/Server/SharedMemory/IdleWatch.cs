namespace YMaskNet.Server.SharedMemory;

/// <summary>Waits until a lease has gone unused for too long.</summary>
internal static class IdleWatch
{
    /// <summary>Returns when the lease has been idle for <paramref name="limit"/>.</summary>
    /// <exception cref="OperationCanceledException">Told to stop.</exception>
    public static async Task WaitAsync(Lease lease, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        for (TimeSpan left = limit - lease.Idle; left > TimeSpan.Zero; left = limit - lease.Idle)
        {
            // Timers count whole milliseconds; one that fires early must not make this spin.
            await Task.Delay(left + TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }
    }
}
