using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Tls;

/// <summary>TLS on the TCP address.</summary>
internal static class TlsSetup
{
    public static IServiceCollection AddTls(this IServiceCollection services, ServerOptions options) =>
        options.Tls is { } files
            ? services.AddWatchedFiles(files.Paths, snapshot => TlsIdentity.Read(files, snapshot, TimeProvider.System.GetUtcNow()))
            : services;

    /// <summary>Has callers of an endpoint shown the certificate that is current when they connect.</summary>
    public static void UseTls(this ListenOptions listen)
    {
        WatchedFiles<TlsIdentity> identity = listen.ApplicationServices.GetRequiredService<WatchedFiles<TlsIdentity>>();
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(identity.Current.CreateHandshake()) });
    }
}
