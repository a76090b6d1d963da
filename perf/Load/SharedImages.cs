using YMaskNet.Client;
using YMaskNet.V1;

namespace YMaskNet.Perf.Load;

/// <summary>Raw images in memory that a server shares: written once, sent over and over by their places.</summary>
internal sealed class SharedImages : IAsyncDisposable
{
    private readonly SharedMemoryLease _lease;
    private readonly List<SharedMemorySlot> _slots = [];

    private SharedImages(SharedMemoryLease lease) => _lease = lease;

    /// <summary>The images.</summary>
    public List<ImageInput> Images { get; } = [];

    /// <summary>Leases memory and writes images into it.</summary>
    /// <param name="client">A client on the server's Unix socket.</param>
    /// <param name="images">Raw images.</param>
    /// <param name="cancellationToken">Cancels the lease's opening.</param>
    public static async Task<SharedImages> WriteAsync(
        InspectionClient client, IReadOnlyList<ImageInput> images, CancellationToken cancellationToken)
    {
        SharedImages shared = new(
            await client.LeaseSharedMemoryAsync(images.Max(image => image.Message.Raw.Data.Length), images.Count, cancellationToken));
        foreach (ImageInput image in images)
        {
            SharedMemorySlot slot = await shared._lease.RentAsync(cancellationToken);
            shared._slots.Add(slot);
            RawImage raw = image.Message.Raw;
            raw.Data.Span.CopyTo(slot.Span);
            shared.Images.Add(slot.ToImage(raw.PixelFormat, (int)raw.Width, (int)raw.Height, (int)raw.Stride));
        }

        return shared;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SharedMemorySlot slot in _slots)
            slot.Dispose();
        await _lease.DisposeAsync();
    }
}
