using System.Buffers;
using Grpc.Core;

namespace YMaskNet.Client;

/// <summary>What goes with every call: the token and the caller's own headers.</summary>
/// <param name="token">Gives the current token; <see langword="null"/>: none is sent.</param>
/// <param name="headers">Names and values.</param>
internal sealed class CallHeaders(Func<CancellationToken, ValueTask<string>>? token, IReadOnlyList<KeyValuePair<string, string>> headers)
{
    // What may stand in a header's value; spaces and line ends in a token are remains of a file.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <summary>The headers of a client.</summary>
    /// <exception cref="ArgumentException">A token can't be one, stands there twice, or would leave this host unencrypted; or a header can't be one.</exception>
    public static CallHeaders Of(InspectionClientOptions options, ServerTarget target)
    {
        if (options.Token is not null && options.TokenProvider is not null)
            throw new ArgumentException($"{nameof(options.Token)} and {nameof(options.TokenProvider)} are both set; one of them gives the token.", nameof(options));
        bool hasToken = options.Token is not null || options.TokenProvider is not null;
        if (hasToken && !target.IsEncrypted && !target.IsOnThisHost)
        {
            throw new ArgumentException(
                "The connection is not encrypted, and everybody on the way could read the token; write https, or with dns set Tls.", nameof(options));
        }

        if (options.Token is { } fixedToken)
            Check(fixedToken);

        // Names and values are checked by what takes them.
        Metadata checkedHeaders = [];
        foreach ((string name, string value) in options.Headers)
            checkedHeaders.Add(name, value);
        return new CallHeaders(options.Token is { } always ? _ => ValueTask.FromResult(always) : options.TokenProvider, options.Headers);
    }

    /// <summary>The headers of one call.</summary>
    /// <exception cref="ArgumentException">The token that was given can't be one.</exception>
    public async ValueTask<Metadata> CreateAsync(CancellationToken cancellationToken)
    {
        Metadata metadata = [];
        foreach ((string name, string value) in headers)
            metadata.Add(name, value);
        if (token is not null)
        {
            string current = await token(cancellationToken).ConfigureAwait(false);
            Check(current);
            metadata.Add("authorization", $"Bearer {current}");
        }

        return metadata;
    }

    private static void Check(string token)
    {
        if (token.Length == 0 || token.AsSpan().ContainsAnyExcept(TokenCharacters))
            throw new ArgumentException("The token is empty, or has spaces, line ends or other characters that no token has.", nameof(token));
    }
}
