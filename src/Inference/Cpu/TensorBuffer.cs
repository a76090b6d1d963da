using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace YMaskNet.Inference.Cpu;

/// <summary>
/// Native float32 memory, zeroed and aligned to a cache line, that ONNX Runtime reads and writes in place. The owner disposes
/// it, after everything that is bound to it.
/// </summary>
internal sealed unsafe class TensorBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private float* _data;

    /// <param name="length">Number of values.</param>
    public TensorBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        nuint bytes = (nuint)length * sizeof(float);
        _data = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_data, bytes);
    }

    /// <summary>Frees the memory of a lane whose construction failed.</summary>
    ~TensorBuffer() => Free();

    /// <summary>Number of values.</summary>
    public int Length { get; }

    /// <summary>All values; not to be used after <see cref="Dispose"/>.</summary>
    public Span<float> Values
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            return new Span<float>(_data, Length);
        }
    }

    /// <summary>A tensor over a part of the memory; it does not own it.</summary>
    /// <param name="offset">First value.</param>
    /// <param name="shape">Extents; their product fits into what follows the offset.</param>
    public OrtValue View(int offset, params ReadOnlySpan<long> shape)
    {
        ObjectDisposedException.ThrowIf(_data is null, this);
        long count = 1;
        foreach (long extent in shape)
            count *= extent;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + count, Length, nameof(shape));
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape.ToArray(), (nint)(_data + offset), count * sizeof(float));
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
