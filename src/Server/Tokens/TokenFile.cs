using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Tokens;

/// <summary>Reads a file of tokens: <c>NAME:TOKEN</c> or <c>NAME:sha256:HEX</c>, one a line; empty lines and those after <c>#</c> are passed over.</summary>
internal static class TokenFile
{
    /// <summary>Shorter ones could be guessed.</summary>
    public const int ShortestToken = 16;

    private const string HashPrefix = "sha256:";

    // RFC 6750: what a bearer token is made of. The equals signs may only end one, which nothing here depends on.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>The tokens of a file.</summary>
    /// <exception cref="StartupException">It can't be used; the message names the line, and never what is in it.</exception>
    public static AccessTokens Read(string path, FileSnapshot snapshot)
    {
        List<(string Name, byte[] Sha256)> tokens = [];
        int number = 0;
        foreach (string line in snapshot.TextOf(path).TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;

            (string Name, byte[] Sha256) token = ReadLine(text, message => CredentialErrors.Unusable($"{path}, line {number}: {message}"));
            if (tokens.Any(other => other.Name == token.Name))
                throw CredentialErrors.Unusable($"{path}, line {number}: the name {token.Name} stands there twice");
            if (tokens.Any(other => other.Sha256.AsSpan().SequenceEqual(token.Sha256)))
                throw CredentialErrors.Unusable($"{path}, line {number}: {token.Name} has the token of another name");
            tokens.Add(token);
        }

        return tokens.Count > 0 ? new AccessTokens(tokens) : throw CredentialErrors.Unusable($"{path} holds no token");
    }

    private static (string Name, byte[] Sha256) ReadLine(string text, Func<string, StartupException> refuse)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || text.AsSpan(0, colon).ContainsAnyExcept(NameCharacters))
            throw refuse("a line is NAME:TOKEN or NAME:sha256:HEX, where a name has letters, digits, '-', '.' and '_'");

        string name = text[..colon];
        string token = text[(colon + 1)..];
        if (token.StartsWith(HashPrefix, StringComparison.Ordinal))
        {
            byte[] hash = new byte[SHA256.HashSizeInBytes];
            return Convert.FromHexString(token.AsSpan(HashPrefix.Length), hash, out _, out int written) == OperationStatus.Done
                && written == hash.Length
                && token.Length == HashPrefix.Length + (2 * hash.Length)
                    ? (name, hash)
                    : throw refuse($"what follows {HashPrefix} must be the 64 hexadecimal digits of a token's SHA-256");
        }

        if (token.AsSpan().ContainsAnyExcept(TokenCharacters))
            throw refuse("a token has letters, digits, '-', '.', '_', '~', '+', '/' and '=' only");
        if (token.Length < ShortestToken)
            throw refuse($"the token of {name} has {token.Length} characters, fewer than {ShortestToken}: it could be guessed");
        return (name, SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }
}
