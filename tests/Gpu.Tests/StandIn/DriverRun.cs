namespace YMaskNet.Gpu.Tests.StandIn;

/// <summary>What a process with the stand-in driver did.</summary>
/// <param name="ExitCode">0 when the body passed.</param>
/// <param name="Output">Its standard output, then its standard error, where the stand-in says what it refuses and why.</param>
internal sealed record DriverRun(int ExitCode, string Output);
