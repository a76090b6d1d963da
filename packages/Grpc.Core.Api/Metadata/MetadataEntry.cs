using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its value, ASCII text or bytes.</summary>
    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <exception cref="ArgumentException">
        /// The key has a character that HTTP/2 headers may not have, or the suffix of a binary one.
        /// </exception>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalize(key);
            if (IsBinary)
            {
                throw new ArgumentException($"A key with the suffix '{BinaryHeaderSuffix}' takes bytes.", nameof(key));
            }

            _text = value;
        }

        /// <exception cref="ArgumentException">
        /// The key has a character that HTTP/2 headers may not have, or lacks the suffix of a binary one.
        /// </exception>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalize(key);
            if (!IsBinary)
            {
                throw new ArgumentException($"A key of bytes needs the suffix '{BinaryHeaderSuffix}'.", nameof(key));
            }

            _bytes = [.. valueBytes];
        }

        /// <summary>The key in lower case.</summary>
        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value =>
            _text ?? throw new InvalidOperationException("A binary entry has bytes, not text.");

        /// <summary>The bytes of a binary entry, or the ASCII bytes of a text; a copy.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : [.. _bytes];

        public override string ToString() => _bytes is null
            ? $"[Entry: key={Key}, value={_text}]"
            : $"[Entry: key={Key}, valueBytes={Convert.ToHexString(_bytes)}]";

        private static string Normalize(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            if (!key.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-'))
            {
                throw new ArgumentException(
                    "A metadata key may have letters, digits, dots, underscores and hyphens only.", nameof(key));
            }

            return key.ToLowerInvariant();
        }
    }
}
