using System.Text.Json.Nodes;
using Grpc.Net.Client;
using YMaskNet.Client;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Conformance.CSharp;

/// <summary>What the calls of the cases are with this client.</summary>
internal sealed class CaseRunner(JsonNode images) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CaseImages _images = new(images);
    private readonly Dictionary<(string Address, TimeSpan Timeout), InspectionClient> _clients = [];

    /// <summary>The lines of a case; a failure is one of them.</summary>
    public async Task<List<string>> RunAsync(JsonNode item)
    {
        try
        {
            return await CallAsync(item);
        }
        catch (InspectionFailedException failure)
        {
            return [CanonicalText.Of(failure)];
        }
    }

    public void Dispose()
    {
        foreach (InspectionClient client in _clients.Values)
            client.Dispose();
    }

    private Task<List<string>> CallAsync(JsonNode item) => (string)item["call"]! switch
    {
        "models" => ListModelsAsync(item),
        "model" => GetModelAsync(item),
        "detect" => DetectAsync(item),
        "inspect" => InspectAsync(item),
        "segment" => SegmentAsync(item),
        "shared" => InspectSharedAsync(item),
        "session" => SessionAsync(item),
        "board" => BoardAsync(item),
        "wire" => WireAsync(item),
        "boards-full" => FirstToEndAsync(item),
        "cancel-call" => CancelCallAsync(item),
        "cancel-session" => CancelSessionAsync(item),
        "full-queue" => FullQueueAsync(item),
        var call => throw new NotSupportedException($"There is no call {call}."),
    };

    private async Task<List<string>> ListModelsAsync(JsonNode item)
    {
        ListModelsResponse held = await Client(item).ListModelsAsync();
        return [$"default {held.DefaultModel}", .. held.Models.SelectMany(CanonicalText.Of)];
    }

    private async Task<List<string>> GetModelAsync(JsonNode item) =>
        CanonicalText.Of(await Client(item).GetModelAsync((string)item["model"]!));

    private async Task<List<string>> DetectAsync(JsonNode item) =>
        CanonicalText.Of(await Client(item).DetectAsync(Image(item), CaseRequests.Options(item)));

    private async Task<List<string>> InspectAsync(JsonNode item) =>
        CanonicalText.Of(await Client(item).DetectAndSegmentAsync(Image(item), CaseRequests.Options(item)));

    private async Task<List<string>> SegmentAsync(JsonNode item)
    {
        IEnumerable<RegionOfInterest> rois =
            Enumerable.Repeat(CaseRequests.Rois(item), (int?)item["repeat_rois"] ?? 1).SelectMany(boxes => boxes);
        return CanonicalText.Of(await Client(item).SegmentAsync(Image(item), rois, CaseRequests.Options(item)));
    }

    private async Task<List<string>> InspectSharedAsync(JsonNode item)
    {
        string name = (string)item["image"]!;
        JsonNode described = _images.Describe(name);
        int offset = (int?)item["offset"] ?? 0;
        await using SharedMemoryLease lease = await Client(item).LeaseSharedMemoryAsync((long)item["slot_bytes"]!, slotCount: 1);
        using SharedMemorySlot slot = await lease.RentAsync();
        ReadOnlySpan<byte> pixels = _images.Read(name);
        pixels[..Math.Min(pixels.Length, slot.Span.Length - offset)].CopyTo(slot.Span[offset..]);
        ImageInput image = slot.ToImage(
            CaseImages.Format(described), (int)described["width"]!, (int)described["height"]!, CaseImages.Stride(described), offset);
        return CanonicalText.Of(await Client(item).DetectAndSegmentAsync(image));
    }

    private async Task<List<string>> SessionAsync(JsonNode item)
    {
        await using InspectionSession session = await Client(item).OpenSessionAsync(CaseRequests.Session(item));
        List<FrameResult> results = [];
        await foreach (FrameResult result in session.InspectAsync(FramesAsync(item)))
            results.Add(result);
        return (string?)item["summary"] == "drops"
            ? Drops(results)
            : [.. CanonicalText.Opened(session.Model, session.MaxFramesInFlight), .. results.SelectMany(CanonicalText.Of)];
    }

    private async Task<List<string>> BoardAsync(JsonNode item)
    {
        string name = (string)item["image"]!;
        JsonNode described = _images.Describe(name);
        BoardInput board = described["format"] is null
            ? BoardInput.FromFile((string)described["path"]!)
            : BoardInput.FromStrips((int)described["width"]!, (int)described["height"]!, CaseImages.Format(described), StripsAsync(item, name));
        BoardOptions options = new()
        {
            Task = CaseRequests.Choice<V1.Task>((string)item["task"]!),
            Inspection = CaseRequests.Options(item),
            Overlap = (int?)item["overlap"],
        };
        return CanonicalText.Of(await Client(item).InspectBoardAsync(board, options));
    }

    private static async Task<List<string>> WireAsync(JsonNode item)
    {
        using GrpcChannel channel = WireChannel.Open((string)item["address"]!);
        using WireCall call = StartWire(channel, item);
        return await call.RunAsync(Messages(item), (bool?)item["hold"] ?? false);
    }

    /// <summary>Holds several calls open until one of them ends, and says how that one did.</summary>
    private static async Task<List<string>> FirstToEndAsync(JsonNode item)
    {
        using GrpcChannel channel = WireChannel.Open((string)item["address"]!);
        List<WireCall> calls = [.. Enumerable.Range(0, (int)item["calls"]!).Select(_ => StartWire(channel, item))];
        List<Task<List<string>>> running = [.. calls.Select(call => call.RunAsync(Messages(item), hold: true))];
        Task<List<string>> first = await Task.WhenAny(running);
        calls.ForEach(call => call.Dispose());
        await Task.WhenAll(running);
        return await first;
    }

    private async Task<List<string>> CancelCallAsync(JsonNode item)
    {
        using CancellationTokenSource cancellation = new();
        Task<DetectResponse> call = Client(item).DetectAsync(Image(item), CaseRequests.Options(item), cancellation.Token);
        await Task.Delay(30, CancellationToken.None);
        await cancellation.CancelAsync();
        string end = "answered";
        try
        {
            await call;
        }
        catch (OperationCanceledException)
        {
            end = "cancelled";
        }

        return [end, .. CanonicalText.Of(await Client(item).DetectAsync(Image(item)))];
    }

    private async Task<List<string>> CancelSessionAsync(JsonNode item)
    {
        SessionOptions options = new() { Task = V1.Task.Detect, Inspection = CaseRequests.Options(item) };
        string end;
        ulong first;
        await using (InspectionSession session = await Client(item).OpenSessionAsync(options))
        {
            for (ulong number = 0; number < 3; number++)
                await session.WriteAsync(Image(item).ToFrame(number));
            await using IAsyncEnumerator<FrameResult> results = session.ReadAllAsync().GetAsyncEnumerator();
            await results.MoveNextAsync();
            first = results.Current.FrameId;
            await session.DisposeAsync();
            try
            {
                while (await results.MoveNextAsync())
                {
                    // What had come before the end may still be read.
                }

                end = "answered more";
            }
            catch (InspectionFailedException failure) when (failure.StatusCode == Grpc.Core.StatusCode.Cancelled)
            {
                end = "cancelled";
            }
        }

        return [$"first {first}", end, .. CanonicalText.Of(await Client(item).DetectAsync(Image(item)))];
    }

    private async Task<List<string>> FullQueueAsync(JsonNode item)
    {
        int count = (int)item["calls"]!;
        Task<string?>[] calls = [.. Enumerable.Range(0, count).Select(_ => ReasonAsync(item))];
        string?[] reasons = await Task.WhenAll(calls);
        int answered = reasons.Count(reason => reason is null);
        return
        [
            $"answered {(answered > 0 && answered < count ? "some" : answered)}",
            $"refused with {string.Join(',', reasons.OfType<string>().Distinct().Order(StringComparer.Ordinal))}",
        ];
    }

    private async Task<string?> ReasonAsync(JsonNode item)
    {
        try
        {
            await Client(item).DetectAsync(Image(item), CaseRequests.Options(item));
            return null;
        }
        catch (InspectionFailedException failure)
        {
            return failure.Reason;
        }
    }

    private InspectionClient Client(JsonNode item)
    {
        string address = (string)item["address"]!;
        TimeSpan timeout = (int?)item["timeout_ms"] is { } limit ? TimeSpan.FromMilliseconds(limit) : Patience;
        if (!_clients.TryGetValue((address, timeout), out InspectionClient? client))
        {
            client = InspectionClient.Connect(address, new InspectionClientOptions { CallTimeout = timeout, Retry = RetryOptions.None });
            _clients.Add((address, timeout), client);
        }

        return client;
    }

    private ImageInput Image(JsonNode item) => _images.Get((string)item["image"]!);

    private async IAsyncEnumerable<Frame> FramesAsync(JsonNode item)
    {
        for (int turn = 0; turn < ((int?)item["repeat"] ?? 1); turn++)
        {
            foreach (JsonNode? frame in item["frames"]!.AsArray())
                yield return CaseRequests.ToFrame(frame!, Image(frame!), (ulong)turn * 100);
        }

        await Task.CompletedTask;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> StripsAsync(JsonNode item, string name)
    {
        byte[] pixels = _images.Read(name);
        int height = (int)_images.Describe(name)["height"]!;
        int rowBytes = pixels.Length / height;
        int[] sizes = item["strip_bytes"] is { } bytes
            ? bytes.AsArray().GetValues<int>().ToArray()
            : [.. (item["strips"]?.AsArray().GetValues<int>() ?? [height]).Select(rows => rows * rowBytes)];

        // More rows than there are: the first ones again.
        byte[] twice = [.. pixels, .. pixels];
        int offset = 0;
        foreach (int size in sizes)
        {
            yield return twice.AsMemory(offset, size);
            offset += size;
        }

        await Task.CompletedTask;
    }

    private static WireCall StartWire(GrpcChannel channel, JsonNode item) =>
        new(channel, (string)item["method"]!, (string?)item["compression"], (bool?)item["frame_errors"] ?? false);

    private static IEnumerable<byte[]> Messages(JsonNode item) =>
        item["messages"]!.AsArray().Select(message => File.ReadAllBytes((string)message!));

    /// <summary>What holds of dropping sessions however fast the server is.</summary>
    private static List<string> Drops(List<FrameResult> results)
    {
        bool inOrder = results.Zip(results.Skip(1)).All(pair => pair.First.FrameId < pair.Second.FrameId);
        IEnumerable<string> verdicts = results.Select(result => result.Verdict.ToString().ToUpperInvariant()).Distinct();
        return
        [
            $"answered {results.Count} {(inOrder ? "in order" : "out of order")}",
            $"verdicts {string.Join(',', verdicts.Order(StringComparer.Ordinal))}",
            $"last {results[^1].Verdict.ToString().ToUpperInvariant()}",
        ];
    }
}
