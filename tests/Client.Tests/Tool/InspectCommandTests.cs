using System.Text.Json;
using Grpc.Core;
using YMaskNet.Client.Tests.Support;
using YMaskNet.Imaging;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Tool;

public class InspectCommandTests : IDisposable
{
    // 8 x 6 pixels; the mask is the column x = 2, rows 1 to 3: runs 13, 3, 32.
    private const string Counts = "=3P1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_Folder_ShowsATablePerImageAndASummary()
    {
        AddImages("board-10.png", "board-2.png");
        await using ScriptedServer server = await ScriptedServer.StartAsync(Inspection());

        ToolRun run = await ToolRun.RunAsync("inspect", _folder.Path, "--server", server.Address.ToString());

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        int second = run.Out.IndexOf("[1/2] board-2.png (8 x 6): 1 defect\n", StringComparison.Ordinal);
        int tenth = run.Out.IndexOf("[2/2] board-10.png (8 x 6): 1 defect\n", StringComparison.Ordinal);
        Assert.InRange(second, 0, tenth - 1);
        string row = run.OutLines.First(line => line.Contains("short"));
        Assert.Equal(["short", "0.875", "1.5", "1.0", "3.0", "4.0", "3"], row.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches(@"(?m)^2 images, 2 defects, \d+\.\d images/s; server mean 40\.0 ms \(decode 2\.0, stage 1 30\.0\)$", run.Out);
    }

    [Fact]
    public async Task Inspect_Json_IsExactlyAsPinned()
    {
        AddImages("a.png");
        string json = _folder.PathOf("out.jsonl");
        await using ScriptedServer server = await ScriptedServer.StartAsync(Inspection());

        ToolRun run = await ToolRun.RunAsync("inspect", _folder.PathOf("a.png"), "--server", server.Address.ToString(), "--json", json);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            {"image":"a.png","width":8,"height":6,"model":"boards/3","defects":[{"class":"short","score":0.875,"box":{"x":1.5,"y":1,"width":3,"height":4},"mask":{"size":[6,8],"counts":"=3P1"}}]}

            """,
            await File.ReadAllTextAsync(json));
    }

    [Fact]
    public async Task Inspect_JsonToStandardOutput_HasNothingElseThere()
    {
        AddImages("a.png", "b.png");
        await using ScriptedServer server = await ScriptedServer.StartAsync(Inspection());

        ToolRun run = await ToolRun.RunAsync("inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-");

        string[] names = [.. run.OutLines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("image").GetString()!)];
        Assert.Equal(["a.png", "b.png"], names);
        Assert.Contains("2 images, 2 defects", run.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inspect_SomeImagesFail_OthersGoOnAndTheExitCodeTells(bool stream)
    {
        AddImages("1.png", "3.png");
        _folder.Add("2.png", [1, 2, 3]);
        Directory.CreateSymbolicLink(_folder.PathOf("0.png"), _folder.PathOf("nowhere"));
        await using ScriptedServer server = await ScriptedServer.StartAsync(Inspection());
        string[] args = ["inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-"];

        ToolRun run = await ToolRun.RunAsync(stream ? [.. args, "--stream"] : args);

        Assert.Equal(1, run.ExitCode);
        JsonElement[] lines = [.. run.OutLines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["0.png", "1.png", "2.png", "3.png"], lines.Select(line => line.GetProperty("image").GetString()));
        Assert.Equal("FILE_UNREADABLE", lines[0].GetProperty("error").GetProperty("reason").GetString());
        Assert.Equal(
            """{"image":"2.png","error":{"status":"INVALID_ARGUMENT","reason":"IMAGE_FORMAT_UNKNOWN","message":"Not an image."}}""",
            run.OutLines[2]);
        Assert.Equal(1, lines[3].GetProperty("defects").GetArrayLength());
        Assert.Contains("2.png: failed (INVALID_ARGUMENT, IMAGE_FORMAT_UNKNOWN): Not an image.", run.Error);
        Assert.Contains("4 images, 2 defects, 2 failed", run.Error);
    }

    [Fact]
    public async Task Inspect_StreamAndCalls_GiveTheSameJson()
    {
        AddImages([.. Enumerable.Range(0, 20).Select(i => $"{i}.png")]);
        await using ScriptedServer server = await ScriptedServer.StartAsync(Inspection());
        string[] args = ["inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-"];

        ToolRun calls = await ToolRun.RunAsync(args);
        ToolRun stream = await ToolRun.RunAsync([.. args, "--stream"]);

        Assert.Equal(20, calls.OutLines.Length);
        Assert.Equal(calls.Out, stream.Out);
    }

    [Fact]
    public async Task Inspect_Filters_ReachTheServer()
    {
        AddImages("a.png");
        DetectAndSegmentRequest? received = null;
        ScriptedInspection inspection = Inspection();
        var answer = inspection.OnDetectAndSegment!;
        inspection.OnDetectAndSegment = (request, context) =>
        {
            received = request;
            return answer(request, context);
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);

        ToolRun run = await ToolRun.RunAsync(
            "inspect", _folder.PathOf("a.png"), "--server", server.Address.ToString(),
            "--min-score", "0.001", "--max-defects", "300", "--nms-iou", "0.6", "--model", "boards");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal((0.001f, 300u, 0.6f), (received!.Options.MinScore, received.Options.MaxDefects, received.Options.NmsIouThreshold));
        Assert.Equal("boards/3", received.Model);
    }

    [Fact]
    public async Task Inspect_CallsInFlight_AreBoundedAndOutputKeepsItsOrder()
    {
        AddImages([.. Enumerable.Range(0, 12).Select(i => $"{i}.png")]);
        int running = 0;
        int most = 0;
        int started = 0;
        ScriptedInspection inspection = Inspection();
        var answer = inspection.OnDetectAndSegment!;
        inspection.OnDetectAndSegment = async (request, context) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            // Later calls answer sooner.
            await Task.Delay(Math.Max(0, 60 - 10 * Interlocked.Increment(ref started)));
            Interlocked.Decrement(ref running);
            return await answer(request, context);
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);

        ToolRun run = await ToolRun.RunAsync(
            "inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-", "--in-flight", "3");

        Assert.InRange(most, 2, 3);
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => $"{i}.png"),
            run.OutLines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("image").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inspect_NoServer_IsOneLine(bool stream)
    {
        AddImages("a.png");
        ScriptedServer server = await ScriptedServer.StartAsync(Inspection());
        string address = server.Address.ToString();
        await server.DisposeAsync();

        string[] args = ["inspect", _folder.Path, "--server", address];
        ToolRun run = await ToolRun.RunAsync(stream ? [.. args, "--stream"] : args);

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.StartsWith($"ymasknet: server at {address} is not reachable: Connection refused", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inspect_ServerGoesAway_StopsWithWhatHadCome(bool stream)
    {
        AddImages("1.png", "2.png", "3.png");
        int count = 0;
        ScriptedInspection inspection = Inspection();
        var answer = inspection.OnDetectAndSegment!;
        inspection.OnDetectAndSegment = (request, context) => Interlocked.Increment(ref count) > 1
            ? throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "The server stops.")
            : answer(request, context);
        inspection.OnStream = async (requests, responses, context) =>
        {
            await requests.MoveNext();
            await responses.WriteAsync(new InspectStreamResponse { Opened = new SessionOpened { Model = Answers.Reference, MaxFramesInFlight = 2 } });
            await requests.MoveNext();
            await responses.WriteAsync(new InspectStreamResponse { Result = await AnswerFrameAsync(inspection, requests.Current.Frame, context) });
            throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "The server stops.");
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        string[] args = ["inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-", "--in-flight", "1"];

        ToolRun run = await ToolRun.RunAsync(stream ? [.. args, "--stream"] : args);

        Assert.Equal(3, run.ExitCode);
        Assert.Single(run.OutLines);
        Assert.Contains("The server stops.", run.Error);
    }

    [Fact]
    public async Task Inspect_SemanticModel_SegmentsAndListsRegions()
    {
        AddImages("a.png");
        ScriptedInspection inspection = new()
        {
            OnSegment = (_, _) => Task.FromResult(new SegmentResponse
            {
                Regions =
                {
                    new Region
                    {
                        ClassName = "blowhole", ClassId = 1, Area = 3, Box = Answers.NewBox(2, 1, 1, 3),
                        Centroid = new Point { X = 2.5f, Y = 2.5f }, Mask = Answers.RunLengths(6, 8, Counts, 3),
                    },
                },
                ImageSize = new ImageSize { Width = 8, Height = 6 },
                Model = Answers.Reference,
                Execution = Answers.Execution,
            }),
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection, Answers.SemanticModel());

        ToolRun run = await ToolRun.RunAsync("inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            {"image":"a.png","width":8,"height":6,"model":"boards/3","regions":[{"class":"blowhole","area":3,"box":{"x":2,"y":1,"width":1,"height":3},"centroid":{"x":2.5,"y":2.5},"mask":{"size":[6,8],"counts":"=3P1"}}]}
            """,
            run.OutLines.Single());
        Assert.Contains("a.png (8 x 6): 1 region", run.Error);
    }

    [Fact]
    public async Task Inspect_Detector_DetectsAndWritesNoMasks()
    {
        AddImages("a.png");
        ScriptedInspection inspection = new()
        {
            OnDetect = (_, _) => Task.FromResult(new DetectResponse
            {
                Defects = { Answers.NewDefect("open", 0, 1e-5f, Answers.NewBox(0, 0, 8, 6)) },
                ImageSize = new ImageSize { Width = 8, Height = 6 },
                Model = Answers.Reference,
                Execution = Answers.Execution,
            }),
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection, Answers.DetectorModel());

        ToolRun run = await ToolRun.RunAsync("inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-");

        Assert.Equal(
            """{"image":"a.png","width":8,"height":6,"model":"boards/3","defects":[{"class":"open","score":0.00001,"box":{"x":0,"y":0,"width":8,"height":6}}]}""",
            run.OutLines.Single());
    }

    [Fact]
    public async Task Inspect_Rois_AreOutlined()
    {
        AddImages("a.png");
        SegmentRequest? received = null;
        ScriptedInspection inspection = new()
        {
            OnSegment = (request, _) =>
            {
                received = request;
                return Task.FromResult(new SegmentResponse
                {
                    Instances = { Answers.NewDefect("open", 0, 0.5f, Answers.NewBox(1, 2, 3, 4), new Mask { Area = 0 }) },
                    ImageSize = new ImageSize { Width = 8, Height = 6 },
                    Model = Answers.Reference,
                    Execution = Answers.Execution,
                });
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);

        ToolRun run = await ToolRun.RunAsync(
            "inspect", _folder.Path, "--server", server.Address.ToString(), "--json", "-", "--roi", "1,2,3,4.5", "--roi", "5,6,7,8,pin-hole");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Answers.NewBox(1, 2, 3, 4.5f), received!.Rois[0].Box);
        Assert.False(received.Rois[0].HasClassName);
        Assert.Equal("pin-hole", received.Rois[1].ClassName);
        // An empty mask: one run of 48 = 0b1_10000 pixels outside; 16 + 32 + 48 = 96 '`', then '1'.
        Assert.Contains("\"counts\":\"`1\"", run.Out);
    }

    [Theory]
    [InlineData("Model boards/3 outlines given boxes", "--task", "segment")]
    [InlineData("--roi goes with --task segment", "--task", "both", "--roi", "1,2,3,4")]
    [InlineData("filter detections", "--roi", "1,2,3,4", "--min-score", "0.5")]
    [InlineData("There is no model nuts; there is: boards/3.", "--model", "nuts")]
    [InlineData("--min-score must be from 0 to 1.", "--min-score", "1.5")]
    [InlineData("--min-score must be from 0 to 1.", "--min-score", "NaN")]
    [InlineData("--max-defects must be at least 1.", "--max-defects", "0")]
    [InlineData("--in-flight must be from 1 to 64.", "--in-flight", "65")]
    [InlineData("--roi takes X,Y,WIDTH,HEIGHT[,CLASS]", "--roi", "1,2,3")]
    [InlineData("Argument 'guess' not recognized. Must be one of: 'detect' 'segment' 'both'", "--task", "guess")]
    [InlineData("There is no file or folder nowhere.png.", "nowhere.png")]
    public async Task Inspect_WhatCanNotBe_IsAUsageError(string message, params string[] args)
    {
        AddImages("a.png");
        await using ScriptedServer server = await ScriptedServer.StartAsync(Inspection());

        ToolRun run = await ToolRun.RunAsync(["inspect", _folder.Path, "--server", server.Address.ToString(), .. args]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error);
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task Inspect_TaskThatTheModelCanNotDo_SaysWhatItCan()
    {
        AddImages("a.png");
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection(), Answers.DetectorModel());

        ToolRun run = await ToolRun.RunAsync("inspect", _folder.Path, "--server", server.Address.ToString(), "--task", "both");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Model boards/3 can't do --task both; it can do: detect.", run.Error);
    }

    [Fact]
    public async Task Inspect_Overlay_ShowsTheBoxWhereTheTableSaysIt()
    {
        AddImages("a.png");
        string overlays = _folder.PathOf("overlays");
        await using ScriptedServer server = await ScriptedServer.StartAsync(Inspection());

        ToolRun run = await ToolRun.RunAsync("inspect", _folder.Path, "--server", server.Address.ToString(), "--overlay", overlays);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(overlays, run.Out);
        using PixelBuffer overlay = ImageDecoder.Decode(
            await File.ReadAllBytesAsync(Path.Combine(overlays, "a.overlay.png")), ImageLimits.Default);
        Assert.Equal((8, 6, 3), (overlay.Width, overlay.Height, overlay.Channels));
    }

    [Fact]
    public async Task Models_ShowsWhatTheServerHolds()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection());

        ToolRun run = await ToolRun.RunAsync("models", "--server", server.Address.ToString());

        Assert.Equal(0, run.ExitCode);
        string row = run.OutLines.Single(line => line.Contains("boards/3"));
        Assert.Contains("boards/3 (default)", row);
        Assert.Contains("ymasknet", row);
        Assert.Contains("detect, segment, both", row);
        Assert.Contains("open, short", row);
    }

    private void AddImages(params string[] names)
    {
        foreach (string name in names)
            _folder.Add(name, PngEncoder.EncodeGray8(new byte[48], 8, 6));
    }

    /// <summary>Finds one defect in every PNG file, and refuses anything else.</summary>
    private static ScriptedInspection Inspection()
    {
        ScriptedInspection inspection = new()
        {
            OnDetectAndSegment = (request, _) => request.Image.Encoded.Length > 8
                ? Task.FromResult(new DetectAndSegmentResponse
                {
                    Defects = { Answers.NewDefect("short", 1, 0.875f, Answers.NewBox(1.5f, 1, 3, 4), Answers.RunLengths(6, 8, Counts, 3)) },
                    ImageSize = new ImageSize { Width = 8, Height = 6 },
                    Model = Answers.Reference,
                    Execution = Answers.Execution,
                })
                : throw RpcErrors.Create(StatusCode.InvalidArgument, "IMAGE_FORMAT_UNKNOWN", "Not an image.", "image.encoded"),
        };
        inspection.OnStream = async (requests, responses, context) =>
        {
            await requests.MoveNext();
            await responses.WriteAsync(new InspectStreamResponse { Opened = new SessionOpened { Model = Answers.Reference, MaxFramesInFlight = 2 } });
            await foreach (InspectStreamRequest request in requests.ReadAllAsync())
                await responses.WriteAsync(new InspectStreamResponse { Result = await AnswerFrameAsync(inspection, request.Frame, context) });
        };
        return inspection;
    }

    private static async Task<FrameResult> AnswerFrameAsync(ScriptedInspection inspection, Frame frame, ServerCallContext context)
    {
        if (frame.Image.Encoded.Length <= 8)
        {
            return new FrameResult
            {
                FrameId = frame.FrameId,
                Verdict = Verdict.Error,
                Error = new FrameError { Code = (int)StatusCode.InvalidArgument, Reason = "IMAGE_FORMAT_UNKNOWN", Message = "Not an image." },
            };
        }

        DetectAndSegmentResponse answer = await inspection.DetectAndSegment(new DetectAndSegmentRequest { Image = frame.Image }, context);
        return new FrameResult
        {
            FrameId = frame.FrameId,
            Verdict = Verdict.Fail,
            Defects = { answer.Defects },
            ImageSize = answer.ImageSize,
            Execution = answer.Execution,
        };
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = target;
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
