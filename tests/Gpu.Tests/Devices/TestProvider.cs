using System.Buffers.Binary;
using System.Text;
using YMaskNet.Inference.Gpu.Devices;

namespace YMaskNet.Gpu.Tests.Devices;

/// <summary>A folder with a file that says what ONNX Runtime's CUDA provider says of the libraries it needs, and has no code.</summary>
internal sealed class TestProvider : IDisposable
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;

    // Addresses differ from offsets, as in a real library's later segments.
    private const ulong FirstAddress = 0x10000;

    public TestProvider(params string[] needed) => File.WriteAllBytes(Path.Combine(Folder, CudaProvider.FileName), Library(needed));

    public string Folder { get; } = Directory.CreateTempSubdirectory("ymasknet-provider-").FullName;

    /// <summary>Puts files of these names beside the provider.</summary>
    public TestProvider With(params string[] libraries)
    {
        foreach (string library in libraries)
            File.WriteAllBytes(Path.Combine(Folder, library), []);

        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>An ELF file of one loaded segment, in which the dynamic entries and their strings are.</summary>
    public static byte[] Library(params string[] needed)
    {
        byte[] strings = Encoding.ASCII.GetBytes("\0" + string.Concat(needed.Select(name => name + "\0")));
        List<ulong> dynamic = [];
        int nameAt = 1;
        foreach (string name in needed)
        {
            dynamic.AddRange([1, (ulong)nameAt]);
            nameAt += name.Length + 1;
        }

        int dynamicOffset = HeaderSize + 2 * ProgramHeaderSize;
        int stringsOffset = dynamicOffset + (dynamic.Count + 4) * sizeof(ulong);
        dynamic.AddRange([5, FirstAddress + (ulong)stringsOffset, 0, 0]);

        byte[] file = new byte[stringsOffset + strings.Length];
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 2);
        WriteSegment(file.AsSpan(HeaderSize), 1, 0, file.Length);
        WriteSegment(file.AsSpan(HeaderSize + ProgramHeaderSize), 2, dynamicOffset, dynamic.Count * sizeof(ulong));
        for (int index = 0; index < dynamic.Count; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(dynamicOffset + index * sizeof(ulong)), dynamic[index]);
        strings.CopyTo(file, stringsOffset);
        return file;
    }

    private static void WriteSegment(Span<byte> entry, int type, int offset, int size)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry, type);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], FirstAddress + (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], (ulong)size);
    }
}
