namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>What a part of a lane has made, freed in the opposite order: also where making the rest failed.</summary>
internal sealed class OwnedResources : IDisposable
{
    private readonly Stack<IDisposable> _made = new();

    /// <summary>Owns one more.</summary>
    public T Add<T>(T resource)
        where T : IDisposable
    {
        _made.Push(resource);
        return resource;
    }

    public void Dispose()
    {
        while (_made.TryPop(out IDisposable? resource))
            resource.Dispose();
    }
}
