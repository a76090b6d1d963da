namespace YMaskNet.Client;

/// <summary>Has TLS ask for a name other than the address's host: it takes the name from the request's Host.</summary>
internal sealed class ServerNameHandler(string name, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Host = name;
        return base.SendAsync(request, cancellationToken);
    }
}
