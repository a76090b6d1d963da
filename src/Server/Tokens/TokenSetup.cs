using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Tokens;

/// <summary>Calls that carry a token.</summary>
internal static class TokenSetup
{
    public static IServiceCollection AddTokens(this IServiceCollection services, ServerOptions options) =>
        options.TokensFile is { } path
            ? services.AddWatchedFiles([path], snapshot => TokenFile.Read(path, snapshot))
            : services;

    public static void UseTokens(this WebApplication application)
    {
        if (application.Services.GetRequiredService<ServerOptions>().TokensFile is not null)
            application.UseMiddleware<TokenMiddleware>();
    }
}
