using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests;

/// <summary>A models directory of its own for one test.</summary>
internal sealed class TemporaryModels : IDisposable
{
    public TemporaryModels() => Directory = System.IO.Directory.CreateTempSubdirectory("ymasknet-models-").FullName;

    public string Directory { get; }

    /// <summary>A directory with all the tiny models.</summary>
    public static TemporaryModels WithAll()
    {
        TemporaryModels models = new();
        TestModels.WriteAll(models.Directory);
        return models;
    }

    public EngineOptions Options => new() { ModelsDirectory = Directory, Lanes = 1, IntraOpThreads = 1 };

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
