using System.Reflection;
using Microsoft.ML.OnnxRuntime;

namespace YMaskNet.Packages.Tests.OnnxRuntime;

/// <summary>The managed API finds its native library in the output folder, and both are of one version.</summary>
public class OnnxRuntimeLoadTests
{
    private static string ExpectedVersion => typeof(OnnxRuntimeLoadTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "OnnxRuntimeVersion").Value!;

    [Fact]
    public void Environment_NativeLibrary_LoadsWithTheExpectedVersion()
    {
        OrtEnv environment = OrtEnv.Instance();

        Assert.Equal(ExpectedVersion, environment.GetVersionString());
        Assert.Contains("CPUExecutionProvider", environment.GetAvailableProviders());
    }

    [Fact]
    public void Session_TinyModelByIoBinding_ComputesIntoTheCallersBuffer()
    {
        float[] input = [1, -2.5f, 0];
        float[] output = new float[3];
        using InferenceSession session = new(OnnxModelBytes.Doubling(input.Length));
        using OrtValue inputValue = OrtValue.CreateTensorValueFromMemory(input, [input.Length]);
        using OrtValue outputValue = OrtValue.CreateTensorValueFromMemory(output, [output.Length]);
        using OrtIoBinding binding = session.CreateIoBinding();
        binding.BindInput("x", inputValue);
        binding.BindOutput("y", outputValue);
        using RunOptions options = new();

        session.RunWithBinding(options, binding);

        Assert.Equal([2, -5, 0], output);
    }

    [Fact]
    public void Session_BytesThatAreNoModel_ThrowsOnnxRuntimeException()
    {
        Assert.Throws<OnnxRuntimeException>(() => new InferenceSession([1, 2, 3]));
    }
}
