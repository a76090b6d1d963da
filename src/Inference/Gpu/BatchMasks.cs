using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Gpu.Memory;

namespace YMaskNet.Inference.Gpu;

/// <summary>
/// The masks' way to the host. How many bytes they have is known only when they are made; so as much comes with the other results
/// as the last batches' took, and the rest, if there is one, afterwards.
/// </summary>
internal sealed class BatchMasks(BatchMemory memory, string model, ILogger logger)
{
    private const int LeastBytes = 1 << 16;

    private int _expected = LeastBytes;
    private int _brought;

    /// <summary>Begins a batch.</summary>
    public void Begin() => _brought = 0;

    /// <summary>How much is to come with the other results; 0 where masks come by a copy of their own.</summary>
    public int BringWithResults()
    {
        if (memory.Arena.IsApart)
            return 0;
        _brought = Math.Min(_expected, memory.Arena.Length);
        return _brought;
    }

    /// <summary>Enqueues what is missing of the bytes that are expected.</summary>
    public void BringExpected(GpuStreams streams) => Bring(Math.Min(_expected, memory.Arena.Length), streams);

    /// <summary>Waits for what is missing.</summary>
    /// <param name="neededBytes">What the masks have.</param>
    /// <param name="streams">The lane's.</param>
    public void Await(int neededBytes, GpuStreams streams)
    {
        if (neededBytes > _brought)
        {
            Bring(neededBytes, streams);
            streams.CopyOut.Synchronize();
        }

        // Rises at once and falls slowly: a second copy costs more than some bytes of the first.
        _expected = Math.Max(Math.Max(LeastBytes, neededBytes), _expected - (_expected / 16));
    }

    /// <summary>Makes room for masks that had none; they have to be made again.</summary>
    /// <exception cref="InspectionException">There is none, and there is as much as before.</exception>
    public void MakeRoom(KernelArenaState state, RegionKernels kernels, GpuStreams streams)
    {
        GpuLog.ArenaTooSmall(logger, model, state.NeededBytes, memory.Arena.Length);
        if (state.NeededBytes > Array.MaxLength)
        {
            throw new InspectionException(
                InspectionErrorKind.ResourceExhausted,
                "MASKS_TOO_LARGE",
                FormattableString.Invariant($"The masks of the images of a batch have {state.NeededBytes} bytes; there can be {Array.MaxLength}."));
        }

        try
        {
            memory.Arena.Enlarge((int)state.NeededBytes);
        }
        finally
        {
            kernels.UseArena(memory.Arena);
        }

        _brought = 0;
        CudaCalls.Clear(memory.HeaderAt(HeaderLayout.ArenaState), Unsafe.SizeOf<KernelArenaState>(), streams.Compute);
    }

    private void Bring(int bytes, GpuStreams streams)
    {
        if (bytes <= _brought)
            return;
        CudaCalls.Download(
            memory.Arena.HostAddress(_brought), memory.Arena.OnDevice(_brought), bytes - _brought, streams.CopyOut);
        _brought = bytes;
    }
}
