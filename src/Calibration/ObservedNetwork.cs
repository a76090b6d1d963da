using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Models;

namespace YMaskNet.Calibration;

/// <summary>
/// A network whose inner tensors are outputs as well (<c>training.quantise</c> writes it), and what was seen in its input
/// and in all of its outputs.
/// </summary>
internal sealed class ObservedNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string _input;
    private readonly string[] _outputs;
    private readonly Dictionary<string, TensorObserver> _observers;

    /// <exception cref="ModelPackageException">ONNX Runtime can't load the file.</exception>
    public ObservedNetwork(string path, int threads)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        try
        {
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelPackageException(path, $"ONNX Runtime can't load it: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }

        _input = _session.InputNames.Single();
        _outputs = [.. _session.OutputNames];
        _observers = _outputs.Append(_input).ToDictionary(name => name, name => new TensorObserver(name));
    }

    /// <summary>What was seen, by tensor.</summary>
    public IReadOnlyDictionary<string, TensorObserver> Observers => _observers;

    /// <summary>Runs the network and looks at its tensors.</summary>
    /// <param name="values">The input, row-major.</param>
    /// <param name="shape">Its extents.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public void Run(ReadOnlySpan<float> values, params long[] shape)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(values.ToArray(), shape);
        _observers[_input].Add(values, shape);
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_runOptions, [_input], [input], _outputs);
        for (int index = 0; index < _outputs.Length; index++)
            _observers[_outputs[index]].Add(results[index].GetTensorDataAsSpan<float>(), results[index].GetTensorTypeAndShape().Shape);
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }
}
