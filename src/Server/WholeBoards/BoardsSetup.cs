namespace YMaskNet.Server.WholeBoards;

/// <summary>Inspection of boards, sent in pieces.</summary>
internal static class BoardsSetup
{
    public static IServiceCollection AddBoards(this IServiceCollection services) => services.AddSingleton<BoardPlaces>();

    public static void MapBoards(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<BoardService>();
}
