using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace YMaskNet.Inference.Tests.Kernels;

/// <summary>The GPU's kernels on the CPU: native-kernels/emulate.sh's library. Where there is no g++, tests are skipped.</summary>
internal static unsafe class EmulatedKernels
{
    // What CUDA allows for all parameters together.
    private const int MostBytes = 4096;

    private static readonly Lazy<nint> Library = new(Load);

    /// <summary>Launches a kernel; fails the test with what the emulation reports.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads of a block.</param>
    /// <param name="sharedBytes">Dynamic shared memory.</param>
    /// <param name="arguments">One for each of its parameters.</param>
    public static void Launch(
        string name, (int X, int Y, int Z) grid, (int X, int Y) block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        CheckSizes(name, arguments);
        var launch = (delegate* unmanaged<byte*, uint*, uint*, nuint, void**, byte*, nuint, int>)Export("emulation_launch");
        uint* gridSizes = stackalloc uint[] { (uint)grid.X, (uint)grid.Y, (uint)grid.Z };
        uint* blockSizes = stackalloc uint[] { (uint)block.X, (uint)block.Y, 1 };
        void** pointers = stackalloc void*[arguments.Length];
        const int MessageBytes = 500;
        byte* message = stackalloc byte[MessageBytes];
        using DeviceArray<byte> values = new(arguments.Length * MostBytes);
        for (int index = 0; index < arguments.Length; index++)
        {
            arguments[index].Bytes.CopyTo(values.Values[(index * MostBytes)..]);
            pointers[index] = (void*)(values.Address + (index * MostBytes));
        }

        fixed (byte* nameBytes = Encoding.UTF8.GetBytes(name + '\0'))
        {
            if (launch(nameBytes, gridSizes, blockSizes, (nuint)sharedBytes, pointers, message, MessageBytes) != 0)
                Assert.Fail(Marshal.PtrToStringUTF8((nint)message) ?? $"{name} failed without a message.");
        }
    }

    private static void CheckSizes(string name, ReadOnlySpan<KernelArgument> arguments)
    {
        var parameters = (delegate* unmanaged<byte*, nuint*, int, int>)Export("emulation_parameters");
        const int MostParameters = 16;
        nuint* sizes = stackalloc nuint[MostParameters];
        fixed (byte* nameBytes = Encoding.UTF8.GetBytes(name + '\0'))
            Assert.Equal(arguments.Length, parameters(nameBytes, sizes, MostParameters));
        for (int index = 0; index < arguments.Length; index++)
            Assert.True((int)sizes[index] == arguments[index].Bytes.Length, $"{name}: parameter {index + 1} has {sizes[index]} bytes.");
    }

    private static nint Export(string name)
    {
        Assert.SkipUnless(Library.Value != 0, "skipped: no g++ to compile the kernels' emulation");
        return NativeLibrary.GetExport(Library.Value, name);
    }

    /// <summary>0 where there is no compiler.</summary>
    private static nint Load()
    {
        if (!OperatingSystem.IsLinux() || !HasCompiler())
            return 0;
        string folder = Path.Combine(Root(), "native-kernels");
        using Process build = Process.Start(new ProcessStartInfo(Path.Combine(folder, "emulate.sh")) { RedirectStandardError = true })!;
        string errors = build.StandardError.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"native-kernels/emulate.sh failed: {errors}");
        return NativeLibrary.Load(Path.Combine(folder, "out", "libymasknet_kernels.so"));
    }

    private static bool HasCompiler()
    {
        try
        {
            using Process compiler = Process.Start(new ProcessStartInfo("g++", "--version") { RedirectStandardOutput = true })!;
            compiler.StandardOutput.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "YMaskNet.Grpc.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No YMaskNet.Grpc.sln above {AppContext.BaseDirectory}.");
    }
}
