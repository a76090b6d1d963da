using System.Runtime.InteropServices;

namespace YMaskNet.Packages.Tests.Libvips;

/// <summary>The image library lies in the output folder, loads, and has the functions that decoding needs.</summary>
public partial class LibvipsLoadTests
{
    [Fact]
    public void Library_FromTheOutputFolder_StartsWithTheExpectedVersion()
    {
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "libvips-cpp.so")));
        Assert.Equal(0, Start("YMaskNet"));
        Assert.Equal((8, 18), (Version(0), Version(1)));
    }

    [Theory]
    [InlineData("vips_source_new_from_memory")]
    [InlineData("vips_foreign_find_load_buffer")]
    [InlineData("vips_image_new_from_buffer")]
    [InlineData("vips_image_write_to_memory")]
    [InlineData("vips_concurrency_set")]
    [InlineData("vips_cache_set_max")]
    [InlineData("vips_cache_operation_build")]
    [InlineData("vips_operation_new")]
    [InlineData("vips_error_buffer_copy")]
    [InlineData("g_object_set_property")]
    [InlineData("g_object_unref")]
    [InlineData("g_value_init")]
    public void Library_FunctionThatDecodingNeeds_IsExported(string function)
    {
        nint library = NativeLibrary.Load("vips-cpp", typeof(LibvipsLoadTests).Assembly, null);

        Assert.True(NativeLibrary.TryGetExport(library, function, out _));
    }

    [LibraryImport("vips-cpp", EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Start(string programName);

    [LibraryImport("vips-cpp", EntryPoint = "vips_version")]
    private static partial int Version(int part);
}
