using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.FileWatch;

/// <summary>What a few small files hold at one time. Reading never fails; asking for a file that could not be read does.</summary>
internal sealed class FileSnapshot
{
    // Certificates, keys and tokens have a few kilobytes; a path that names something else must not fill the memory.
    private const int MaxBytes = 1 << 20;

    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _failures = new(StringComparer.Ordinal);

    private FileSnapshot(IEnumerable<string> paths)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in paths)
        {
            byte[] seen;
            try
            {
                seen = _contents[path] = ReadFile(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _failures[path] = WhyUnreadable(path, error);
                seen = Encoding.UTF8.GetBytes(_failures[path]);
            }

            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path}\0{seen.Length}\0")));
            hash.AppendData(seen);
        }

        Fingerprint = Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The same for two snapshots of the same files with the same contents.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads files.</summary>
    /// <param name="paths">Which; at most 1 MiB each.</param>
    public static FileSnapshot Read(IEnumerable<string> paths) => new(paths);

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="StartupException">It could not be read; the message says why.</exception>
    public byte[] BytesOf(string path) =>
        _failures.TryGetValue(path, out string? why) ? throw CredentialErrors.Unusable(why) : _contents[path];

    /// <summary>The text of a file.</summary>
    /// <inheritdoc cref="BytesOf"/>
    public string TextOf(string path) => Encoding.UTF8.GetString(BytesOf(path));

    private static byte[] ReadFile(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] buffer = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= MaxBytes
            ? buffer[..length]
            : throw new IOException($"it has more than {MaxBytes} bytes");
    }

    private static string WhyUnreadable(string path, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"there is no file {path}",
        _ when Directory.Exists(path) => $"{path} is a folder, not a file",
        UnauthorizedAccessException => $"{path} may not be read by the server's user",
        _ => $"{path} can't be read: {error.Message}",
    };
}
