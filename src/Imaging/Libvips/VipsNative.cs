using System.Runtime.InteropServices;

namespace YMaskNet.Imaging.Libvips;

/// <summary>
/// The functions of libvips and of the GLib inside it that decoding needs. None is variadic: operations are made by
/// name and their arguments set as GObject properties, as libvips recommends for bindings.
/// </summary>
internal static unsafe partial class VipsNative
{
    private const string Library = "libvips-cpp";

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Init(string programName);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    public static partial void SetConcurrency(int threads);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    public static partial void SetMaxCachedOperations(int count);

    [LibraryImport(Library, EntryPoint = "vips_tracked_get_mem")]
    public static partial nuint GetTrackedMemory();

    [LibraryImport(Library, EntryPoint = "vips_tracked_get_allocs")]
    public static partial int GetTrackedAllocations();

    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    public static partial nint CopyErrorBuffer();

    [LibraryImport(Library, EntryPoint = "vips_error_clear")]
    public static partial void ClearErrorBuffer();

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewOperation(string name);

    [LibraryImport(Library, EntryPoint = "vips_object_set_argument_from_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetArgumentFromString(OperationHandle operation, string name, string value);

    [LibraryImport(Library, EntryPoint = "vips_object_build")]
    public static partial int Build(OperationHandle operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    public static partial void UnrefOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_blob_get_type")]
    public static partial nuint GetBlobType();

    [LibraryImport(Library, EntryPoint = "vips_blob_new")]
    public static partial nint NewBlob(nint freeFunction, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_area_unref")]
    public static partial void UnrefArea(nint area);

    [LibraryImport(Library, EntryPoint = "vips_image_get_type")]
    public static partial nuint GetImageType();

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    public static partial int GetWidth(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    public static partial int GetHeight(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    public static partial int GetBands(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    public static partial VipsBandFormat GetFormat(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    public static partial VipsInterpretation GetInterpretation(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_region_new")]
    public static partial nint NewRegion(GObjectHandle image);

    [LibraryImport(Library, EntryPoint = "vips_region_fetch")]
    public static partial byte* FetchRegion(GObjectHandle region, int left, int top, int width, int height, out nuint length);

    [LibraryImport(Library, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetProperty(OperationHandle target, string name, in GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void GetProperty(OperationHandle source, string name, ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_ref")]
    public static partial nint RefObject(GObjectHandle instance);

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    public static partial void UnrefObject(nint instance);

    [LibraryImport(Library, EntryPoint = "g_value_init")]
    public static partial nint InitValue(ref GValue value, nuint type);

    [LibraryImport(Library, EntryPoint = "g_value_unset")]
    public static partial void UnsetValue(ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_set_boxed")]
    public static partial void SetBoxed(ref GValue value, nint boxed);

    [LibraryImport(Library, EntryPoint = "g_value_set_object")]
    public static partial void SetObject(ref GValue value, GObjectHandle instance);

    [LibraryImport(Library, EntryPoint = "g_value_dup_object")]
    public static partial nint DuplicateObject(in GValue value);

    [LibraryImport(Library, EntryPoint = "g_free")]
    public static partial void Free(void* memory);

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint SetLogHandler(
        string domain, int levels, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> handler, nint userData);
}
