using System.Security.Cryptography;
using System.Text;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Tokens;

namespace YMaskNet.Server.Tests.Tokens;

public sealed class TokenFileTests : IDisposable
{
    private const string Token = "dGhpcyBpcyBhIHRva2Vu";
    private const string Other = "another-token-of-its-own==";

    private readonly TemporaryFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Path, "tokens");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_TokensAndHashes_AreKnownAndNothingElseIs()
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(Other)));

        AccessTokens tokens = Read($"\uFEFF# The line's stations\r\n\r\n line-1:{Token}\r\nline_2.b:sha256:{hash.ToLowerInvariant()}");

        Assert.True(tokens.Contains(Token));
        Assert.True(tokens.Contains(Other));
        foreach (string wrong in new[] { "", Token[..^1], Token + "x", Token.ToUpperInvariant(), hash, "line-1", "ä" })
            Assert.False(tokens.Contains(wrong), wrong);
        Assert.Equal("the tokens of line-1, line_2.b", tokens.ToString());
    }

    [Theory]
    [InlineData("", "{0} holds no token")]
    [InlineData("# nothing", "{0} holds no token")]
    [InlineData(Token, "{0}, line 1: a line is NAME:TOKEN")]
    [InlineData(":" + Token, "{0}, line 1: a line is NAME:TOKEN")]
    [InlineData("line 1:" + Token, "{0}, line 1: a line is NAME:TOKEN")]
    [InlineData("a:" + Token + "\na:" + Other, "{0}, line 2: the name a stands there twice")]
    [InlineData("a:" + Token + "\n\nb:" + Token, "{0}, line 3: b has the token of another name")]
    [InlineData("a:short-token-15c", "{0}, line 1: the token of a has 15 characters")]
    [InlineData("a:" + Token + " x", "{0}, line 1: a token has letters")]
    [InlineData("a:sha256:abcd", "{0}, line 1: what follows sha256: must be the 64")]
    [InlineData("a:sha256:zz", "{0}, line 1: what follows sha256: must be the 64")]
    public void Read_WhatCantBeUsed_NamesTheLineAndNotWhatIsInIt(string text, string message)
    {
        StartupException error = Assert.Throws<StartupException>(() => Read(text));

        Assert.Equal(ExitCode.CredentialsUnusable, error.ExitCode);
        Assert.StartsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, FilePath), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short-token", error.Message, StringComparison.Ordinal);
    }

    private AccessTokens Read(string text)
    {
        File.WriteAllText(FilePath, text);
        return TokenFile.Read(FilePath, FileSnapshot.Read([FilePath]));
    }
}
