global using Grpc.Core;
global using YMaskNet.Server.Tests.Support;
global using YMaskNet.Testing;
global using Wire = YMaskNet.V1;
