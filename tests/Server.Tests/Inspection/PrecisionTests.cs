using YMaskNet.Inference.Models;

namespace YMaskNet.Server.Tests.Inspection;

/// <summary>A model with 8-bit networks: which ones run, and that every answer says so.</summary>
public sealed class PrecisionTests
{
    [Theory]
    [InlineData("fp32", "fp32")]
    [InlineData("int8", "int8")]
    [InlineData("fp32,tiny-ymasknet=int8", "int8")]
    [InlineData("auto", "fp32")] // The tiny model prefers nothing.
    public async Task Answers_ModelInTwoPrecisions_SayWhichOneRan(string setting, string expected)
    {
        await using TestServer server = await TestServer.StartAsync(
            models => TestModels.WriteQuantisedYMaskNet(models), "--precision", setting);

        Wire.Model model = (await server.Models.GetModelAsync(new Wire.GetModelRequest())).Model;
        Wire.DetectResponse detected = await server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });
        Wire.DetectAndSegmentResponse both = await server.Inspection.DetectAndSegmentAsync(
            new Wire.DetectAndSegmentRequest { Image = Boards.Png });
        using TestSession session = await TestSession.OpenAsync(server, new Wire.SessionOpening { Task = Wire.Task.Detect });
        await session.SendFrameAsync(1, Boards.Png);
        Wire.FrameResult frame = await session.ReceiveResultAsync();

        Assert.Equal(expected, model.Precision);
        Assert.Equal(expected, detected.Execution.Precision);
        Assert.Equal(expected, both.Execution.Precision);
        Assert.Equal(expected, frame.Execution.Precision);
        Assert.Equal(["fp32", "fp32", "int8"], model.Files.Select(file => file.Precision));
        FoundBlobs.Check(detected.Defects);

        // The 8-bit network's objectness is 1 lower: 7 in place of 8 for the dull blob, times the class's 6.
        double objectness = expected == "int8" ? 7 : 8;
        Assert.Equal(Sigmoid(objectness) * Sigmoid(6), detected.Defects.First(defect => defect.ClassName == "dull").Score, 1e-5);
        Assert.Contains(server.Log.Entries, entry => entry.Message.Contains($"in {Enum.Parse<ModelPrecision>(expected, ignoreCase: true)} on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_Int8OnAModelWithoutIt_RefusedByName()
    {
        ModelPackageException refused = await Assert.ThrowsAsync<ModelPackageException>(
            () => TestServer.StartAsync(models => TestModels.WriteYoloV5(models), "--precision", "int8"));

        Assert.Contains(Path.Combine("tiny-yolov5", "1"), refused.Message, StringComparison.Ordinal);
        Assert.Contains("the model has no int8 network", refused.Message, StringComparison.Ordinal);
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
