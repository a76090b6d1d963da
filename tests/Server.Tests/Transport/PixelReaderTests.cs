using System.Buffers;
using Google.Protobuf;
using YMaskNet.Server.Transport;

namespace YMaskNet.Server.Tests.Transport;

public sealed class PixelReaderTests
{
    private const int Large = 20_000;

    private static readonly PixelReader<Wire.InspectStreamRequest> Frames = new(
        Wire.InspectStreamRequest.Parser,
        request => request.Frame?.Image,
        Wire.InspectStreamRequest.FrameFieldNumber,
        Wire.Frame.ImageFieldNumber);

    private static readonly PixelReader<Wire.DetectRequest> Calls = new(
        Wire.DetectRequest.Parser, request => request.Image, Wire.DetectRequest.ImageFieldNumber);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(Large)]
    [InlineData(2_200_000)]
    public void Read_EncodedImage_AsTheParser(int bytes)
    {
        Wire.DetectRequest request = new()
        {
            Image = new Wire.Image { Encoded = Random(bytes) },
            Model = "some-model",
            Options = new Wire.DetectionOptions { MinScore = 0.5f },
        };

        using Received<Wire.DetectRequest> received = Calls.Read(Pieces(request.ToByteArray(), 4096));

        Assert.Equal(request, received.Message);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Large)]
    public void Read_RawFrame_AsTheParser(int bytes)
    {
        Wire.InspectStreamRequest request = RawFrame(bytes);

        using Received<Wire.InspectStreamRequest> received = Frames.Read(Pieces(request.ToByteArray(), 4096));

        Assert.Equal(request, received.Message);
    }

    [Fact]
    public void Read_ManyFrames_TakesNoArrayOfAnImagesSize()
    {
        ReadOnlySequence<byte> message = Pieces(RawFrame(400_000).ToByteArray(), 4096);
        Frames.Read(message).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int frame = 0; frame < 100; frame++)
            Frames.Read(message).Dispose();

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 4096);
    }

    [Fact]
    public void Read_NoImage_AsTheParser()
    {
        Wire.DetectRequest request = new() { Model = new string('m', Large) };
        using Received<Wire.DetectRequest> received = Calls.Read(Pieces(request.ToByteArray(), 777));

        Assert.Equal(request, received.Message);
    }

    [Fact]
    public void Read_ImageTwice_MergedAsTheParserDoes()
    {
        byte[] first = new Wire.DetectRequest { Image = new Wire.Image { Encoded = Random(Large) } }.ToByteArray();
        byte[] second = new Wire.DetectRequest
        {
            Image = new Wire.Image { Raw = new Wire.RawImage { Data = Random(Large), Width = 7 } },
            Model = "m",
        }.ToByteArray();
        byte[] both = [.. first, .. second];

        using Received<Wire.DetectRequest> received = Calls.Read(Pieces(both, 4096));

        Assert.Equal(Wire.DetectRequest.Parser.ParseFrom(both), received.Message);
        Assert.Equal(7u, received.Message.Image.Raw.Width);
    }

    [Fact]
    public void Read_BytesAtRandomCutAndChanged_AsTheParser()
    {
        Random random = new(11);
        byte[] whole = RawFrame(Large).ToByteArray();
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            // Most of what matters lies in front of the pixels and behind them.
            byte[] bytes = whole[..(random.Next(4) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (int change = random.Next(4); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(2) == 0 ? random.Next(Math.Min(40, bytes.Length)) : bytes.Length - 1 - random.Next(Math.Min(40, bytes.Length))] = (byte)random.Next(256);

            Wire.InspectStreamRequest? expected = Try(() => Wire.InspectStreamRequest.Parser.ParseFrom(bytes));
            Wire.InspectStreamRequest? actual = Try(() =>
            {
                using Received<Wire.InspectStreamRequest> received = Frames.Read(Pieces(bytes, 1 + random.Next(5000)));
                return received.Message.Clone();
            });

            refused += expected is null ? 1 : 0;
            Assert.True(Equals(expected, actual), $"Trial {trial}: {(expected is null ? "refused by" : "read by")} the parser and otherwise here.");
        }

        Assert.InRange(refused, 100, 1900);
    }

    [Fact]
    public void Read_FieldsInAnyOrderAndUnknownOnes_AsTheParser()
    {
        Random random = new(12);
        for (int trial = 0; trial < 200; trial++)
        {
            byte[] raw = Shuffled(random, Field(1, Random(Large)), Number(2, 0x01080001), Number(3, 640), Number(4, 640), Number(99, 5));
            byte[] image = Shuffled(random, Field(2, ByteString.CopyFrom(raw)), Number(77, 1));
            byte[] frame = Shuffled(random, Number(1, 12), Field(2, ByteString.CopyFrom(image)), Field(5, ByteString.CopyFromUtf8("part")), Number(50, 3));
            byte[] request = Shuffled(random, Field(2, ByteString.CopyFrom(frame)), Number(60, 1ul << 60));

            using Received<Wire.InspectStreamRequest> received = Frames.Read(Pieces(request, 4096));

            Assert.Equal(Wire.InspectStreamRequest.Parser.ParseFrom(request), received.Message);
            Assert.Equal(Large, received.Message.Frame.Image.Raw.Data.Length);
        }
    }

    private static Wire.InspectStreamRequest RawFrame(int bytes) => new()
    {
        Frame = new Wire.Frame
        {
            FrameId = 300,
            PartId = "part 1",
            Image = new Wire.Image
            {
                Raw = new Wire.RawImage { Data = Random(bytes), PixelFormat = Wire.PixelFormat.Mono8, Width = 640, Height = 640, Stride = 641 },
            },
            Rois = { new Wire.RegionOfInterest { Box = new Wire.Box { X = 1, Width = 2, Height = 3 } } },
        },
    };

    private static ByteString Random(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return ByteString.CopyFrom(content);
    }

    private static byte[] Field(int number, ByteString content) => Written(output =>
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(content);
    });

    private static byte[] Number(int number, ulong value) => Written(output =>
    {
        output.WriteTag(number, WireFormat.WireType.Varint);
        output.WriteUInt64(value);
    });

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using MemoryStream stream = new();
        using CodedOutputStream output = new(stream);
        write(output);
        output.Flush();
        return stream.ToArray();
    }

    private static byte[] Shuffled(Random random, params byte[][] fields)
    {
        random.Shuffle(fields);
        return [.. fields.SelectMany(field => field)];
    }

    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int length)
    {
        if (bytes.Length <= length)
            return new ReadOnlySequence<byte>(bytes);
        Piece first = new(bytes.AsMemory(0, length), 0);
        Piece last = first;
        for (int at = length; at < bytes.Length; at += length)
            last = last.Append(bytes.AsMemory(at, Math.Min(length, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long start)
        {
            Memory = memory;
            RunningIndex = start;
        }

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            Piece next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
