namespace Grpc.Core;

/// <summary>Where a channel stands.</summary>
public enum ConnectivityState
{
    /// <summary>Not connected, and not trying to be.</summary>
    Idle,

    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Ready,

    /// <summary>The last attempt failed; another follows after a while.</summary>
    TransientFailure,

    /// <summary>Closed for good.</summary>
    Shutdown,
}
