using System.Security.Cryptography;
using System.Text;

namespace YMaskNet.Server.Tokens;

/// <summary>The tokens whose bearers may call.</summary>
/// <param name="tokens">Their names and the SHA-256 of each; the tokens themselves are not kept.</param>
internal sealed class AccessTokens(IReadOnlyList<(string Name, byte[] Sha256)> tokens)
{
    /// <summary>Whether a token is one of them. How long this takes does not depend on how much of a token is right.</summary>
    public bool Contains(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        bool isOne = false;
        foreach ((_, byte[] sha256) in tokens)
            isOne |= CryptographicOperations.FixedTimeEquals(sha256, hash);
        return isOne;
    }

    /// <summary>What is in use, for the log.</summary>
    public override string ToString() => $"the tokens of {string.Join(", ", tokens.Select(token => token.Name))}";
}
