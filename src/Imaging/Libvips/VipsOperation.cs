namespace YMaskNet.Imaging.Libvips;

/// <summary>A libvips operation by name: arguments are set, it is run, its output image taken.</summary>
internal sealed unsafe class VipsOperation : IDisposable
{
    private readonly OperationHandle _handle;
    private readonly string _name;

    /// <summary>Makes an operation, for example <c>pngload_buffer</c>.</summary>
    /// <exception cref="VipsException">This libvips has no such operation.</exception>
    public VipsOperation(string name)
    {
        VipsLibrary.EnsureInitialised();
        _name = name;
        _handle = new OperationHandle(VipsNative.NewOperation(name));
        if (_handle.IsInvalid)
            throw VipsException.TakeLast(name);
    }

    /// <summary>Sets a number, Boolean or enumeration by its text.</summary>
    public void Set(string argument, string value)
    {
        if (VipsNative.SetArgumentFromString(_handle, argument, value) != 0)
            throw VipsException.TakeLast(_name);
    }

    /// <summary>Sets an input image.</summary>
    public void Set(string argument, GObjectHandle image)
    {
        GValue value = default;
        VipsNative.InitValue(ref value, VipsNative.GetImageType());
        VipsNative.SetObject(ref value, image);
        VipsNative.SetProperty(_handle, argument, value);
        VipsNative.UnsetValue(ref value);
    }

    /// <summary>Sets input bytes. Not copied: they must stay where they are until the output image is released.</summary>
    public void Set(string argument, byte* data, int length)
    {
        nint blob = VipsNative.NewBlob(freeFunction: 0, data, (nuint)length);
        GValue value = default;
        VipsNative.InitValue(ref value, VipsNative.GetBlobType());
        VipsNative.SetBoxed(ref value, blob);
        VipsNative.SetProperty(_handle, argument, value);
        VipsNative.UnsetValue(ref value);
        VipsNative.UnrefArea(blob);
    }

    /// <summary>Runs the operation.</summary>
    /// <returns>Its image, whose pixels are computed as they are fetched; the caller disposes of it.</returns>
    /// <exception cref="VipsException">The operation failed.</exception>
    public GObjectHandle Run()
    {
        if (VipsNative.Build(_handle) != 0)
            throw VipsException.TakeLast(_name);

        GValue value = default;
        VipsNative.InitValue(ref value, VipsNative.GetImageType());
        VipsNative.GetProperty(_handle, "out", ref value);
        var image = new GObjectHandle(VipsNative.DuplicateObject(value));
        VipsNative.UnsetValue(ref value);
        return image;
    }

    public void Dispose() => _handle.Dispose();
}
