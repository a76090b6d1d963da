using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>A tensor <c>[N, ...] float32</c> in device memory, of which ONNX Runtime gets parts.</summary>
internal sealed class DeviceTensor : IDisposable
{
    private readonly DeviceBuffer _memory;
    private readonly OrtMemoryInfo _memoryInfo;
    private readonly long[] _shape;
    private readonly long _itemLength;

    /// <param name="memoryInfo">Where ONNX Runtime has device memory to be.</param>
    /// <param name="purpose">For the message where there is too little memory.</param>
    /// <param name="shape">N and what one of N has.</param>
    /// <exception cref="InspectionException">The device has not so much memory left.</exception>
    public DeviceTensor(OrtMemoryInfo memoryInfo, string purpose, params ReadOnlySpan<long> shape)
    {
        _memoryInfo = memoryInfo;
        _shape = shape.ToArray();
        _itemLength = 1;
        foreach (long extent in shape[1..])
            _itemLength = checked(_itemLength * extent);
        _memory = new DeviceBuffer(checked(shape[0] * _itemLength * sizeof(float)), purpose);
    }

    /// <summary>The first value, for kernels.</summary>
    public nint Address => _memory.Address;

    /// <summary>Some of N as a tensor of its own, which does not own the memory.</summary>
    public OrtValue View(long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, _shape[0], nameof(count));
        long[] shape = [count, .. _shape[1..]];
        return OrtValue.CreateTensorValueWithData(
            _memoryInfo,
            TensorElementType.Float,
            shape,
            (nint)(_memory.Address + (first * _itemLength * sizeof(float))),
            count * _itemLength * sizeof(float));
    }

    /// <summary>Whether one of N has the same extents in both.</summary>
    public bool HasShapeOf(DeviceTensor other) => _shape.AsSpan(1).SequenceEqual(other._shape.AsSpan(1));

    public void Dispose() => _memory.Dispose();
}
