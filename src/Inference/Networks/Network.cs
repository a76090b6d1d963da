using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Networks;

/// <summary>One of a model's ONNX files in a session of ONNX Runtime.</summary>
internal sealed class Network : IDisposable
{
    /// <summary>Stands for an extent that must be dynamic or fits anyway, as the batch axis.</summary>
    public const int AnyExtent = -1;

    private readonly string _path;
    private readonly string _relativePath;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private NetworkProfile? _profile;

    /// <param name="package">The package.</param>
    /// <param name="role">Which of its networks.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ModelPackageException">The file is not what the manifest says, or ONNX Runtime can't load it.</exception>
    public Network(ModelPackage package, ModelFileRole role, SessionOptions options)
    {
        _path = package.PathOf(role);
        _relativePath = package.Manifest.FileOf(role, package.Precision).Path;
        byte[] onnx = package.ReadNetwork(role);
        try
        {
            // The very bytes whose digest was checked, not the file again.
            _profile = new NetworkProfile();
            _session = _profile.Begin(onnx, options);
        }
        catch (OnnxRuntimeException exception)
        {
            Dispose();
            throw new ModelPackageException(_path, $"ONNX Runtime can't load it: {OneLine(exception.Message)}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new ModelPackageException(
                _path,
                $"ONNX Runtime's profile, which tells where its nodes run, can't be written to the temporary folder {Path.GetTempPath()}: {exception.Message}",
                exception);
        }
    }

    /// <summary>Checks that the network has one input, of this name and shape.</summary>
    /// <exception cref="ModelPackageException">It has not.</exception>
    public void CheckInput(string tensor, params ReadOnlySpan<int> shape)
    {
        if (_session.InputMetadata.Count != 1)
            throw new ModelPackageException(_path, $"it has {_session.InputMetadata.Count} inputs; it must have '{tensor}' alone");
        Check("input", _session.InputMetadata, tensor, shape);
    }

    /// <summary>Checks that the network has an output of this name and shape.</summary>
    /// <exception cref="ModelPackageException">It has not.</exception>
    public void CheckOutput(string tensor, params ReadOnlySpan<int> shape) => Check("output", _session.OutputMetadata, tensor, shape);

    /// <summary>An empty binding, to be filled once and run often.</summary>
    public OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    /// <summary>Runs the network on what is bound.</summary>
    public void Run(OrtIoBinding binding) => Run(binding, _runOptions);

    /// <summary>Runs the network on what is bound.</summary>
    public void Run(OrtIoBinding binding, RunOptions options) => _session.RunWithBinding(options, binding);

    /// <summary>Runs the network once before it is put to use.</summary>
    /// <exception cref="ModelPackageException">It does not run on the shapes that the manifest says.</exception>
    public void Probe(OrtIoBinding binding)
    {
        try
        {
            Run(binding);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelPackageException(_path, $"it does not run: {OneLine(exception.Message)}", exception);
        }
    }

    /// <summary>Where the nodes that have run so far ran. To be asked once, when every node has; the runs before are slower.</summary>
    /// <exception cref="ModelPackageException">ONNX Runtime does not say.</exception>
    public NetworkPlacement EndPlacement()
    {
        using NetworkProfile profile = Interlocked.Exchange(ref _profile, null)
            ?? throw new InvalidOperationException($"Where the nodes of {_path} run has been asked already.");
        NodePlacement[] nodes = [.. profile.End(_session).Select(run => new NodePlacement(run.Name, run.Operator, run.ExecutionProvider)).Distinct()];
        return nodes.Length > 0
            ? new NetworkPlacement(_relativePath, nodes)
            : throw new ModelPackageException(_path, "ONNX Runtime's profile of it names no node that ran, so that it can't be told where it runs");
    }

    public void Dispose()
    {
        _runOptions.Dispose();

        // None where ONNX Runtime could not load the network.
        _session?.Dispose();
        _profile?.Dispose();
    }

    private void Check(string kind, IReadOnlyDictionary<string, NodeMetadata> tensors, string tensor, ReadOnlySpan<int> shape)
    {
        if (!tensors.TryGetValue(tensor, out NodeMetadata? metadata))
            throw new ModelPackageException(_path, $"it has no {kind} '{tensor}'; it has {string.Join(", ", tensors.Keys)}");
        if (!metadata.IsTensor || metadata.ElementType != typeof(float))
            throw new ModelPackageException(_path, $"its {kind} '{tensor}' is not a float32 tensor");

        int[] actual = metadata.Dimensions;
        bool fits = actual.Length == shape.Length;
        for (int axis = 0; fits && axis < actual.Length; axis++)
            fits = shape[axis] == AnyExtent || actual[axis] < 0 || actual[axis] == shape[axis];
        if (!fits)
            throw new ModelPackageException(_path, $"its {kind} '{tensor}' is {Describe(actual)}; the manifest says {Describe(shape)}");
    }

    private static string Describe(ReadOnlySpan<int> shape)
    {
        string[] extents = new string[shape.Length];
        for (int axis = 0; axis < extents.Length; axis++)
            extents[axis] = shape[axis] < 0 ? "?" : shape[axis].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", extents)}]";
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
