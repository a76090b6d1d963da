using Xunit.MicrosoftTestingPlatform;
using YMaskNet.Gpu.Tests;
using YMaskNet.Gpu.Tests.StandIn;

return DriverProcess.IsChild(args)
    ? DriverProcess.RunChild(args)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
