using System.Buffers;

namespace YMaskNet.Inference.Frames;

/// <summary>Memory that this process shares with callers, in which the pixels of a <see cref="SharedImage"/> lie.</summary>
public interface ISharedMemory
{
    /// <summary>Keeps a slot's memory in place until what is returned is disposed of. Callers may write to it all the while.</summary>
    /// <param name="leaseId">The lease, as the caller named it.</param>
    /// <param name="slot">Index of the slot, as the caller gave it.</param>
    /// <returns>The whole slot.</returns>
    /// <exception cref="InspectionException">No such lease stands, or it has no such slot.</exception>
    IMemoryOwner<byte> Hold(ReadOnlySpan<byte> leaseId, uint slot);
}
