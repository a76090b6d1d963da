namespace YMaskNet.Inference.Models;

/// <summary>A model package is missing, broken, or not what its manifest says; the engine does not start with it.</summary>
/// <param name="path">The folder or file at fault.</param>
/// <param name="message">What is wrong with it and what would be right, in one line, without the path.</param>
/// <param name="innerException">What caused it, if anything did.</param>
public sealed class ModelPackageException(string path, string message, Exception? innerException = null)
    : Exception($"{path}: {message}", innerException)
{
    /// <summary>The folder or file at fault.</summary>
    public string Path { get; } = path;
}
